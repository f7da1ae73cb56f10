"""Hessian-vector products of a PreResNet by double backward, timed: what a PyTorch user gets.

Prints images a second, the best of the repeats, as JSON. Batch normalisation in training mode, random images.

usage: torch_products.py DEPTH BATCH THREADS REPEATS [float64]
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, cross_entropy, relu


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        changes = stride != 1 or inputs != outputs
        self.projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if changes else nn.Identity()

    def forward(self, x):
        branch = self.conv1(relu(self.norm1(x)))
        return self.conv2(relu(self.norm2(branch))) + self.projection(x)


class PreResNet(nn.Module):
    def __init__(self, depth, classes=10, widths=(16, 32, 64)):
        super().__init__()
        layers, channels = [nn.Conv2d(3, widths[0], 3, 1, 1, bias=False)], widths[0]
        for stage, width in enumerate(widths):
            for block in range((depth - 2) // 6):
                layers.append(Block(channels, width, 2 if stage > 0 and block == 0 else 1))
                channels = width
        self.features = nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU())
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        return self.head(avg_pool2d(self.features(x), 8).flatten(1))


def main(depth, batch, threads, repeats, dtype=torch.float32):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    network = PreResNet(depth)
    parameters = list(network.parameters())
    vector = [torch.randn_like(p) for p in parameters]
    images, labels = torch.randn(batch, 3, 32, 32), torch.randint(10, (batch,))
    seconds = []
    for _ in range(repeats + 1):
        start = time.process_time()
        loss = cross_entropy(network(images), labels)
        gradient = torch.autograd.grad(loss, parameters, create_graph=True)
        torch.autograd.grad(gradient, parameters, grad_outputs=vector)
        seconds.append(time.process_time() - start)
    print(json.dumps({"imagesPerSecond": batch / min(seconds[1:]), "threads": threads}))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    dtype = torch.float64 if "float64" in arguments else torch.float32
    main(*[int(a) for a in arguments[:4]], dtype=dtype)
