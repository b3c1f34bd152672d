// From image bytes to normalized floats.
#include "accrete.cuh"

// images [N, C, H, W] bytes, augment [N, 3] = (flip, top, left), y [N, height, width, C]; moments
// holds the means and then the standard deviations of the channels. 5 bytes per element: writing y
// is what costs. A pixel outside the image counts as the mean.
extern "C" __global__ void __launch_bounds__(kThreads)
normalize_image(unsigned count, int channels, int imageHeight, int imageWidth, int height,
                int width, const unsigned char* __restrict__ images,
                const int* __restrict__ augment, const float* __restrict__ moments,
                float* __restrict__ y) {
  ACCRETE_FOR(i, count) {
    int c = i % channels;
    int column = i / channels % width;
    int row = i / channels / width % height;
    int n = i / channels / width / height;
    const int* choice = augment + n * 3;
    int from = column + choice[2];
    row += choice[1];
    column = choice[0] != 0 ? imageWidth - 1 - from : from;
    bool inside = row >= 0 && row < imageHeight && column >= 0 && column < imageWidth;
    size_t at = ((size_t)(n * channels + c) * imageHeight + row) * imageWidth + column;
    y[i] = inside ? (images[at] - moments[c]) / moments[channels + c] : 0.0f;
  }
}
ACCRETE_EXPORT(normalize_image)
