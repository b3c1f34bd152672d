"""Times PyTorch on what `accrete bench gpu` times, under the same names: a line of JSON per case and mode.

The training step (MobileNetV1, batch normalization, SGD with momentum and weight decay on everything) runs
eagerly, channels-last, with TF32, under bf16 autocast, as a CUDA graph and compiled; products are cuBLAS's and
convolutions cuDNN's. A mode that this PyTorch or machine lacks gives a line with its reason and no time.

    python3 gpu_peers.py            # needs a GPU
    python3 gpu_peers.py --smoke    # tiny shapes, on the CPU where there is no GPU: figures mean nothing
"""

import argparse
import contextlib
import json
import statistics
import time

import torch
from export_mobilenet import BLOCKS, MobileNetV1, scaled
from torch import nn

CLASSES = 50
ALIGNMENT = 16  # our parameters begin at multiples of it, and the gaps count in a case's name


class Device:
    """Where it runs, and how time is told there."""

    def __init__(self, smoke):
        self.cuda = torch.cuda.is_available()
        if not self.cuda and not smoke:
            raise SystemExit("gpu_peers.py: PyTorch sees no GPU; --smoke rehearses on the CPU")
        self.type = "cuda" if self.cuda else "cpu"
        self.name = torch.cuda.get_device_name(0) if self.cuda else "cpu"
        self.cache = 0
        if self.cuda:
            properties = torch.cuda.get_device_properties(0)
            self.cache = getattr(properties, "L2_cache_size", 50 << 20)
        self.warm_up, self.samples = (2, 3) if smoke else (20, 30)

    def library(self, name, mode):
        """A mode by the library that computes it on a GPU."""
        return f"{name} {mode}" if self.cuda else f"CPU {mode}"

    def time(self, work):
        """Milliseconds of each call of `work`, after a warm-up."""
        for _ in range(self.warm_up):
            work()
        samples = []
        for _ in range(self.samples):
            if self.cuda:
                begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                # Work ahead hides the host's share, as on our side.
                torch.cuda._sleep(1_000_000)
                begin.record()
                work()
                end.record()
                end.synchronize()
                samples.append(begin.elapsed_time(end))
            else:
                start = time.perf_counter()
                work()
                samples.append((time.perf_counter() - start) * 1e3)
        return samples

    def rotated(self, make, bytes_each):
        """Operands enough to fill the cache twice; two at least."""
        count = max(2, min(64, -(-2 * self.cache // bytes_each)))
        return [make() for _ in range(count)]


def report(device, name, mode, samples=(), note=""):
    line = {"peer": "torch " + torch.__version__, "device": device.name, "name": name, "mode": mode}
    line["ms"] = statistics.median(samples) if samples else 0
    line["samples"] = list(samples)
    line["note"] = note
    print(json.dumps(line), flush=True)


def attempt(device, name, mode, measure):
    """Reports a mode, or why it could not run: the other modes matter all the same."""
    try:
        report(device, name, mode, measure())
    except Exception as problem:  # noqa: BLE001 - a compiler or driver may raise anything
        report(device, name, mode, note=f"{type(problem).__name__}: {problem}".splitlines()[0])


@contextlib.contextmanager
def tf32(allowed):
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = allowed
    try:
        yield
    finally:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


class Training:
    """One training step on one mini-batch, always the same."""

    def __init__(self, device, shape, channels_last, autocast):
        torch.manual_seed(0)
        width, size, batch = shape
        form = torch.channels_last if channels_last else torch.contiguous_format
        self.device, self.autocast = device, autocast
        self.network = MobileNetV1(width, CLASSES).to(device.type).to(memory_format=form).train()
        if not channels_last:
            self.network.forward = lambda x: self.network.head(self.network.features(x).mean((2, 3)))
        self.images = torch.randn(batch, 3, size, size, device=device.type).to(memory_format=form)
        self.labels = torch.arange(batch, device=device.type) % CLASSES
        fused = {"fused": True} if device.cuda and torch.__version__ >= "2.3" else {}
        self.optimizer = torch.optim.SGD(
            self.network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, **fused
        )

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            loss = nn.functional.cross_entropy(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def time(self, work=None):
        first = self.step().item()
        samples = self.device.time(work or self.step)
        last = self.step().item()
        if not last < first:
            raise ValueError(f"did not learn: the loss went from {first:.4f} to {last:.4f}")
        return samples

    def time_graph(self):
        if not self.device.cuda:
            raise ValueError("a CUDA graph needs a GPU")
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        self.optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self.step()
        return self.time(graph.replay)

    def time_compiled(self):
        if not hasattr(torch, "compile"):
            raise ValueError("this PyTorch has no torch.compile")
        self.network = torch.compile(self.network, mode="max-autotune")
        return self.time()


def steps(device, shape):
    name = "step:batch-norm"
    for precision in (False, True):
        suffix = "tf32" if precision else "fp32"
        case = name + ":tf32" if precision else name
        with tf32(precision):
            for layout, last in (("contiguous", False), ("channels-last", True)):
                mode = f"eager {layout} {suffix}"
                attempt(device, case, mode, lambda last=last: Training(device, shape, last, False).time())
            for how in ("graph", "compiled"):
                run = lambda how=how: getattr(Training(device, shape, True, False), "time_" + how)()
                attempt(device, case, f"{how} channels-last {suffix}", run)
    for how in ("", "_graph", "_compiled"):
        run = lambda how=how: getattr(Training(device, shape, True, True), "time" + how)()
        attempt(device, name + ":bf16", f"bf16 autocast channels-last{how.replace('_', ' ')}", run)


def products(device, sizes):
    for n in sizes:
        name = f"MatMul:{n}x{n}:{n}x{n}"
        for mode, precision, dtype in (
            ("fp32", False, torch.float32),
            ("tf32", True, torch.float32),
            ("bf16", True, torch.bfloat16),
        ):

            def run(precision=precision, dtype=dtype, n=n):
                with tf32(precision):
                    make = lambda: [torch.rand(n, n, device=device.type).to(dtype) for _ in range(2)]
                    return rotate(device, make, 12 * n * n, torch.mm)

            case = name if mode == "fp32" else f"{name}:{mode}"
            attempt(device, case, device.library("cuBLAS", mode), run)


def rotate(device, make, bytes_each, op):
    """Times `op` on operands in turn."""
    operands = device.rotated(make, bytes_each)

    def work():
        for own in operands:
            op(*own)

    return [sample / len(operands) for sample in device.time(work)]


def layers(shape):
    """(inputs, outputs, groups, kernel, stride, size) of every different convolution."""
    width, size, _ = shape
    channels, size = scaled(32, width), size // 2
    found = [(3, channels, 1, 3, 2, size * 2)]
    for full, stride in BLOCKS:
        outputs = scaled(full, width)
        found.append((channels, channels, channels, 3, stride, size))
        size //= stride
        found.append((channels, outputs, 1, 1, 1, size))
        channels = outputs
    return list(dict.fromkeys(found))


def text(*sizes):
    return "x".join(map(str, sizes))


def convolutions(device, shape):
    batch = shape[2]
    for inputs, outputs, groups, kernel, stride, size in layers(shape):
        weight = (outputs, inputs // groups, kernel, kernel)
        name = f"Conv2d:{text(batch, inputs, size, size)}:{text(*weight)}" + (f":s{stride}" if stride > 1 else "")

        def make(size=size, weight=weight, inputs=inputs):
            last = {"memory_format": torch.channels_last}
            return [
                torch.rand(batch, inputs, size, size, device=device.type).to(**last),
                torch.rand(*weight, device=device.type).to(**last),
            ]

        def run(precision, stride=stride, kernel=kernel, groups=groups, inputs=inputs, size=size, make=make):
            with tf32(precision):
                op = lambda x, w: nn.functional.conv2d(x, w, None, stride, kernel // 2, 1, groups)
                return rotate(device, make, 4 * batch * inputs * size * size, op)

        # What tensor cores cannot do is one case here.
        case = name + ":tf32" if groups == 1 and inputs % 4 == 0 else name
        attempt(device, name, device.library("cuDNN", "channels-last fp32"), lambda run=run: run(False))
        attempt(device, case, device.library("cuDNN", "channels-last tf32"), lambda run=run: run(True))


def norms(device, shape):
    width, size, batch = shape
    seen = dict.fromkeys((outputs, place // stride) for _, outputs, _, _, stride, place in layers(shape))
    for channels, place in seen:
        name = f"BatchRenorm:{text(batch, channels, place, place)}" + f":{channels}" * 4 + ":3"
        vectors = [torch.rand(channels, device=device.type) + 0.5 for _ in range(4)]

        def make(channels=channels, place=place):
            x = torch.rand(batch, channels, place, place, device=device.type)
            return [x.to(memory_format=torch.channels_last)]

        def run(channels=channels, place=place, vectors=vectors, make=make):
            mean, variance, gamma, beta = vectors
            op = lambda x: nn.functional.batch_norm(x, mean, variance, gamma, beta, True)
            return rotate(device, make, 8 * batch * channels * place * place, op)

        attempt(device, name, "batch_norm in training: no renormalization", run)


def update(device, shape):
    network = MobileNetV1(shape[0], CLASSES)
    count = sum(-(-p.numel() // ALIGNMENT) * ALIGNMENT for p in network.parameters())
    name = "SgdSynaptic:scalar" + f":{count}" * 4 + ":none"

    def run(**how):
        weights = [torch.rand(count, device=device.type, requires_grad=True) for _ in range(2)]
        for weight in weights:
            weight.grad = torch.rand_like(weight)
        optimizers = [torch.optim.SGD([w], lr=0.01, momentum=0.9, weight_decay=5e-4, **how) for w in weights]
        return [s / 2 for s in device.time(lambda: [optimizer.step() for optimizer in optimizers])]

    attempt(device, name, "SGD foreach: no path integral", lambda: run(foreach=True))
    attempt(device, name, "SGD fused: no path integral", lambda: run(fused=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="tiny shapes, on the CPU if there is no GPU")
    arguments = parser.parse_args()
    device = Device(arguments.smoke)
    # Width, pixels, mini-batch: those of our suite, or of its --quick form.
    shape = (0.25, 32, 8) if arguments.smoke else (1.0, 128, 128)
    steps(device, shape)
    products(device, [64] if arguments.smoke else [512, 1024, 2048, 4096, 8192])
    with torch.no_grad():
        convolutions(device, shape)
        norms(device, shape)
    update(device, shape)


if __name__ == "__main__":
    main()
