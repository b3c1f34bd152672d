package dev.accrete.cl.strategy;

/**
 * What learning one experience took; evaluation is not in it.
 *
 * @param macs multiply-accumulates that were executed: forward and backward passes over every row
 *     of every mini-batch (repeated rows included), feature extraction, covariance updates and
 *     solves
 * @param seconds wall-clock time, reading the images included
 * @param peakBytes most bytes held at a time: variables, compiled plans, training images (decoded,
 *     one byte per channel and pixel) and the strategy's own arrays
 * @param imagesSeen image-passes: images times epochs, without the rows that only fill a mini-batch
 * @param imagesHeld training images that had to be kept at hand
 * @param epochs passes over these images; 0 where nothing was trained
 */
public record Cost(
    long macs, double seconds, long peakBytes, int imagesSeen, int imagesHeld, int epochs) {}
