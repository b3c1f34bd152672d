"""AR1* with one batch of a stream, as its authors' PyTorch port does it.

Batch renormalization is a chain of tensor operations; synaptic intelligence works on flat copies of
all weights around every step, and its penalty is part of the loss (Lomonaco et al. 2020). With
latents (Pellegrini et al. 2020) the frozen layers below the published one run at every step, and
there is no synaptic intelligence. Written anew for this comparison; in the faster of torch's
layouts, and with as many steps as ours takes.
"""

import math

import torch
from torch import nn

import worker
from export_mobilenet import BLOCKS, scaled

CLASSES = 50
EPOCHS = 4
MINI_BATCH = 128
NEW_CLASS = 10
REPLAYED_STAGES = 20
R_MAX, D_MAX = 1.5, 2.5
EPSILON = 1e-5
IMPORTANCE_MAX = 0.001
STRENGTH = 0.5


class BatchRenorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.gamma = nn.Parameter(torch.ones(1, channels, 1, 1))
        self.beta = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.register_buffer("moving_mean", torch.zeros(1, channels, 1, 1))
        self.register_buffer("moving_std", torch.ones(1, channels, 1, 1))

    def forward(self, x):
        if not self.training:
            normalized = (x - self.moving_mean) / self.moving_std
            return self.gamma * normalized + self.beta
        mean = x.mean((0, 2, 3), keepdim=True)
        std = torch.sqrt(x.var((0, 2, 3), unbiased=False, keepdim=True) + EPSILON)
        r = (std.detach() / self.moving_std).clamp(1 / R_MAX, R_MAX)
        d = ((mean.detach() - self.moving_mean) / self.moving_std).clamp(-D_MAX, D_MAX)
        normalized = (x - mean) / std * r + d
        self.moving_mean += self.momentum * (mean.detach() - self.moving_mean)
        self.moving_std += self.momentum * (std.detach() - self.moving_std)
        return self.gamma * normalized + self.beta


def stage(inputs, outputs, kernel, stride, groups, momentum):
    convolution = nn.Conv2d(
        inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False
    )
    return nn.Sequential(convolution, BatchRenorm(outputs, momentum), nn.ReLU(inplace=True))


def stages(width, momentum):
    channels = scaled(32, width)
    found = [stage(3, channels, 3, 2, 1, momentum)]
    for full, stride in BLOCKS:
        outputs = scaled(full, width)
        found.append(stage(channels, channels, 3, stride, channels, momentum))
        found.append(stage(channels, outputs, 1, 1, 1, momentum))
        channels = outputs
    return found, channels


class Network(nn.Module):
    """Cut after some stages: the lower part is frozen and evaluates."""

    def __init__(self, width, cut, momentum):
        super().__init__()
        all_stages, features = stages(width, momentum)
        self.lower = nn.Sequential(*all_stages[:cut])
        self.upper = nn.Sequential(*all_stages[cut:])
        self.head = nn.Linear(features, CLASSES, bias=False)

    def forward(self, images, latents=None):
        x = self.lower(images)
        if latents is not None:
            x = torch.cat((x, latents))
        return self.head(self.upper(x).mean((2, 3)))


class Update(worker.Engine):
    """One update of a network that lives on, so that runs follow each other."""

    def __init__(self, work):
        self.count = work["images"]
        self.replayed = work["latents"]
        cut = REPLAYED_STAGES if self.replayed else 0
        self.network = Network(work["width"], cut, 5e-5 if self.replayed else 1e-4)
        size = work["size"]
        self.images = torch.randn(self.count, 3, size, size)
        self.labels = torch.full((self.count,), NEW_CLASS)
        self.freeze()
        self.bank = torch.zeros_like(self.network.head.weight)
        self.past = torch.zeros(CLASSES)
        if self.replayed:
            with torch.no_grad():
                shape = self.network.lower.eval()(self.images[:1]).shape[1:]
            self.latents = torch.rand(self.replayed, *shape)
            self.latent_labels = torch.arange(self.replayed) % NEW_CLASS
            self.rows = max(1, round(MINI_BATCH * self.count / (self.count + self.replayed)))
        else:
            self.rows = MINI_BATCH
        self.steps = math.ceil(self.count / self.rows)
        self.synaptic = [
            p for p in self.network.upper.parameters() if p.requires_grad and p.shape[0] != 1
        ]
        size = sum(p.numel() for p in self.synaptic)
        self.importance = torch.rand(size) * IMPORTANCE_MAX
        self.cumulative = torch.zeros(size)
        self.anchor = self.flat(lambda p: p.detach()).clone()
        layout, self.layout = worker.faster_layout(self.trial)
        self.arrange(layout)
        self.start = self.flat(lambda p: p.detach()).clone()

    def freeze(self):
        for parameter in self.network.lower.parameters():
            parameter.requires_grad = False
        if not self.replayed:
            for module in self.network.modules():
                if isinstance(module, nn.Conv2d) and module.kernel_size != (1, 1):
                    module.weight.requires_grad = False

    def arrange(self, layout):
        self.network = self.network.to(memory_format=layout)
        self.images = self.images.contiguous(memory_format=layout)
        if self.replayed:
            self.latents = self.latents.contiguous(memory_format=layout)

    def trial(self, layout):
        self.arrange(layout)
        self.begin()
        return worker.seconds(lambda: self.step(0, 0), 1)

    def flat(self, part):
        return torch.cat([part(p).flatten() for p in self.synaptic])

    def begin(self):
        trained = [p for p in self.network.parameters() if p.requires_grad]
        rate = 3e-4 if self.replayed else 1e-4
        head = self.network.head.weight
        groups = [
            {"params": [p for p in trained if p is not head]},
            {"params": [head], "lr": 10 * rate},
        ]
        self.solver = torch.optim.SGD(groups, lr=rate, momentum=0.9, weight_decay=5e-4)
        self.network.train()
        self.network.lower.eval()
        self.trajectory = torch.zeros_like(self.importance)

    def present(self):
        labels = self.labels
        if self.replayed:
            labels = torch.cat((labels, self.latent_labels))
        return torch.bincount(labels, minlength=CLASSES)

    def batch(self, step):
        """Positions of the rows of a mini-batch; past the end it goes on from the beginning."""
        new = torch.arange(step * self.rows, (step + 1) * self.rows) % self.count
        if not self.replayed:
            return self.images[new], None, self.labels[new]
        old_rows = MINI_BATCH - self.rows
        old = torch.arange(step * old_rows, (step + 1) * old_rows) % self.replayed
        labels = torch.cat((self.labels[new], self.latent_labels[old]))
        return self.images[new], self.latents[old], labels

    def step(self, epoch, step):
        images, latents, labels = self.batch(step)
        self.solver.zero_grad()
        loss = nn.functional.cross_entropy(self.network(images, latents), labels)
        task = loss.item()
        if self.replayed:
            loss.backward()
            self.solver.step()
            return task
        old = self.flat(lambda p: p.detach()).clone()
        drift = self.flat(lambda p: p) - self.anchor
        (loss + STRENGTH * torch.dot(self.importance, drift**2)).backward()
        self.solver.step()
        new = self.flat(lambda p: p.detach())
        self.trajectory += self.flat(lambda p: p.grad) * (new - old)
        return task

    def run(self):
        present = self.present()
        rows = (present > 0).nonzero().flatten()
        head = self.network.head.weight
        with torch.no_grad():
            head.zero_()
            head[rows] = self.bank[rows]
        self.begin()
        before = self.flat(lambda p: p.detach()).clone()
        for epoch in range(EPOCHS):
            for step in range(self.steps):
                loss = self.step(epoch, step)
        with torch.no_grad():
            self.consolidate(rows, present)
            if not self.replayed:
                self.remember(before)
        return loss

    def consolidate(self, rows, present):
        head = self.network.head.weight
        average = head[rows].mean()
        for c in rows.tolist():
            past = torch.sqrt(self.past[c] / present[c])
            self.bank[c] = (self.bank[c] * past + head[c] - average) / (past + 1)
        self.past += torch.bincount(self.labels, minlength=CLASSES)

    def remember(self, before):
        moved = self.flat(lambda p: p.detach()) - before
        self.cumulative += 0.5 * self.trajectory / (moved**2 + 1e-7)
        self.importance = (-self.cumulative).clamp(0, IMPORTANCE_MAX)
        self.anchor = self.flat(lambda p: p.detach()).clone()

    def verify(self):
        now = self.flat(lambda p: p.detach())
        if not torch.isfinite(now).all() or torch.equal(now, self.start):
            raise SystemExit("the update left the weights as they were, or no numbers")

    def name(self):
        kind = "latent replay" if self.replayed else "AR1*"
        return f"authors' {kind} in torch {torch.__version__}{self.layout}"


if __name__ == "__main__":
    worker.main(Update)
