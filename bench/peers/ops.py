"""One convolution or batch normalization alone in torch, in the faster of its two layouts."""

import torch
import torch.nn.functional as functional

import worker

PROVEN = 8
EPSILON = 1e-5
MASK = 0xFFFFFFFF


def tensor(operand, *shape):
    """The elements of OpWorkload.element."""
    count = 1
    for extent in shape:
        count *= extent
    h = torch.arange(1, count + 1, dtype=torch.int64)
    h = h * 2654435769 + operand * 668265263 & MASK
    h ^= h >> 15
    h = h * 2246822519 & MASK
    h ^= h >> 13
    return ((h >> 8).to(torch.float64) / (1 << 23) - 1).to(torch.float32).reshape(shape)


class Op(worker.Engine):
    def __init__(self, work):
        self.work = work
        images, channels, size = work["miniBatch"], work["channels"], work["size"]
        self.normalizes = work["kernel"] == 0
        self.backward = work["pass"] == "BACKWARD"
        self.pad = work["kernel"] // 2
        self.x = tensor(0, images, channels, size, size)
        if self.normalizes:
            self.gamma, self.beta = torch.ones(channels), torch.zeros(channels)
            self.mean, self.variance = torch.zeros(channels), torch.ones(channels)
            _, self.saved_mean, self.saved_scale = self.norm()
        else:
            kernel, groups = work["kernel"], work["groups"]
            self.w = tensor(1, work["filters"], channels // groups, kernel, kernel)
        if self.backward:
            self.dy = tensor(2, *(self.x if self.normalizes else self.convolution()).shape)
        layout, self.layout = worker.faster_layout(self.trial)
        self.arrange(layout)

    def arrange(self, layout):
        self.x = self.x.contiguous(memory_format=layout)
        if not self.normalizes:
            self.w = self.w.contiguous(memory_format=layout)
        if self.backward:
            self.dy = self.dy.contiguous(memory_format=layout)

    def trial(self, layout):
        self.arrange(layout)
        return worker.seconds(self.run, 3)

    def norm(self):
        return torch.native_batch_norm(
            self.x, self.gamma, self.beta, self.mean, self.variance, True, 0.1, EPSILON
        )

    def convolution(self):
        stride, pad = self.work["stride"], self.pad
        return functional.conv2d(
            self.x, self.w, None, stride, pad, groups=self.work["groups"]
        )

    def gradients(self):
        if self.normalizes:
            return torch.ops.aten.native_batch_norm_backward(
                self.dy,
                self.x,
                self.gamma,
                self.mean,
                self.variance,
                self.saved_mean,
                self.saved_scale,
                True,
                EPSILON,
                [True, True, True],
            )
        stride, pad = self.work["stride"], self.pad
        dx, dw, _ = torch.ops.aten.convolution_backward(
            self.dy,
            self.x,
            self.w,
            None,
            [stride, stride],
            [pad, pad],
            [1, 1],
            False,
            [0, 0],
            self.work["groups"],
            [self.work["inputGradient"], True, False],
        )
        return (dx, dw) if self.work["inputGradient"] else (dw,)

    def run(self):
        if self.backward:
            self.results = self.gradients()
        else:
            self.results = (self.norm()[0] if self.normalizes else self.convolution(),)
        return 0

    def name(self):
        return f"torch {torch.__version__}{self.layout}"

    def proof(self):
        samples = []
        for result in self.results:
            flat = result.contiguous().flatten()
            at = [flat.numel() * (2 * i + 1) // (2 * PROVEN) for i in range(PROVEN)]
            samples.append([float(flat[i]) for i in at])
        return samples


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    worker.main(Op)
