"""Exact Hessian row by row with autograd, as the authors of the papers compute it, timed on some rows.

Prints seconds for the forward and first backward pass and per row, for float32 and float64, as JSON. The values of the
inputs do not matter to the time, so they are random.

usage: autograd_rows.py SAMPLES ROWS WIDTH WIDTH ...
"""

import json
import os
import sys
import time

import torch


def seconds_per_row(dtype, samples, rows, widths):
    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    parameters = list(network.parameters())
    images = torch.rand(samples, widths[0])
    labels = torch.randint(widths[-1], (samples,))

    start = time.perf_counter()
    loss = torch.nn.functional.cross_entropy(network(images), labels)
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(loss, parameters, create_graph=True)])
    first = time.perf_counter() - start

    def row(i):
        torch.cat([g.reshape(-1) for g in torch.autograd.grad(gradient[i], parameters, retain_graph=True)])

    row(0)
    start = time.perf_counter()
    for k in range(rows):
        row(k * len(gradient) // rows)
    return {"first": first, "row": (time.perf_counter() - start) / rows, "parameters": len(gradient)}


if __name__ == "__main__":
    samples, rows, *widths = (int(argument) for argument in sys.argv[1:])
    torch.set_num_threads(os.cpu_count())
    print(
        json.dumps(
            {
                "version": torch.__version__,
                "threads": torch.get_num_threads(),
                "float32": seconds_per_row(torch.float32, samples, rows, widths),
                "float64": seconds_per_row(torch.float64, samples, rows, widths),
            }
        )
    )
