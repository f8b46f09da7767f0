#!/usr/bin/python3
"""Trains the corruption network on what make.py made, and writes its weights as a C++ table.

    train.py --examples FOLDER --table src/features/corruption_weights.inc [--hold CLIP,…] [--steps N] [--seed N]

With --hold, the clips whose names begin so are kept out and measured, and no table is written. The network is
the one of src/features/kernels/block_net.h. Needs Debian's python3-torch and python3-numpy.
"""

import argparse
import pathlib

import numpy as np
import torch
from torch import nn

INPUTS = 24
CHANNELS = 16
CHANGED = 8  # 8-bit levels: a block that differs by as much is corrupt
SAME = 2  # one that differs by less is not; between the two nothing is learnt
CROP = (11, 20)
SCALE = np.float32(0.25)  # of the inputs, for an even start; part of the weights afterwards


def read(path):
    """The pictures of one file: (inputs [INPUTS, rows, columns], differences [rows, columns], suspect).

    Of a stream that was encoded again the decoder tells nothing.
    """
    data = path.read_bytes()
    at, pictures = 0, []
    while at < len(data):
        columns, rows, suspect = np.frombuffer(data, np.int32, 3, at)
        at += 12 + 8
        count = int(columns) * int(rows)
        inputs = np.frombuffer(data, np.float32, count * INPUTS, at).reshape(rows, columns, INPUTS)
        at += count * INPUTS * 4
        differences = np.frombuffer(data, np.uint8, count, at).reshape(rows, columns)
        at += count
        pictures.append((inputs.transpose(2, 0, 1).astype(np.float16), differences, bool(suspect) and path.stem.endswith("-live")))
    return pictures


class Net(nn.Module):
    """Linear in a block's inputs, the picture's means of them and `suspect`; then twice 5×5 blocks deep."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2 * INPUTS + 1, CHANNELS, 1)
        self.around = nn.ModuleList(nn.Conv2d(CHANNELS, CHANNELS, 5, padding=2, groups=CHANNELS) for _ in range(2))
        self.mix = nn.ModuleList(nn.Conv2d(CHANNELS, CHANNELS, 1) for _ in range(2))
        self.last = nn.Conv2d(CHANNELS, 1, 1)

    def forward(self, x):
        x = torch.relu(self.first(x))
        for around, mix in zip(self.around, self.mix):
            x = torch.relu(mix(around(x)))
        return self.last(x)[:, 0]


def joined(inputs, suspect):
    inputs = inputs.astype(np.float32)
    means = inputs.mean(axis=(1, 2), keepdims=True)
    flag = np.full((1, *inputs.shape[1:]), float(suspect), np.float32)
    return SCALE * np.concatenate([inputs, np.broadcast_to(means, inputs.shape), flag])


class Examples:
    def __init__(self, files, rng):
        self.rng = rng
        self.corrupt, self.whole, self.clean = [], [], []
        for path in files:
            for picture in read(path):
                if picture[1].shape[0] < CROP[0] or picture[1].shape[1] < CROP[1]:
                    continue
                share = (picture[1] >= CHANGED).mean()
                if path.stem.endswith("-clean") or not picture[1].any():
                    self.clean.append(picture)
                elif share >= 0.01:
                    self.corrupt.append(picture)
                else:
                    self.whole.append(picture)
        print(f"{len(self.corrupt)} corrupt, {len(self.whole)} whole, {len(self.clean)} clean pictures")

    def crop(self, picture):
        inputs, differences, suspect = picture
        # Learn from the picture alone too: half the time nothing is told of the stream.
        x = joined(inputs, suspect and self.rng.random() < 0.5)
        rows, columns = differences.shape
        top = self.rng.integers(0, rows - CROP[0] + 1)
        left = self.rng.integers(0, columns - CROP[1] + 1)
        if (differences >= CHANGED).any() and self.rng.random() < 0.7:
            ys, xs = np.nonzero(differences >= CHANGED)
            k = self.rng.integers(len(ys))
            top = int(np.clip(ys[k] - self.rng.integers(CROP[0]), 0, rows - CROP[0]))
            left = int(np.clip(xs[k] - self.rng.integers(CROP[1]), 0, columns - CROP[1]))
        area = np.s_[top : top + CROP[0], left : left + CROP[1]]
        return x[:, area[0], area[1]], differences[area]

    def batch(self, size):
        pools = [(self.corrupt, size // 3), (self.whole, size // 6), (self.clean, size - size // 3 - size // 6)]
        crops = [self.crop(pool[self.rng.integers(len(pool))]) for pool, n in pools if pool for _ in range(n)]
        x, d = zip(*crops)
        return torch.from_numpy(np.stack(x)), torch.from_numpy(np.stack(d))


def loss_of(logits, differences):
    target = (differences >= CHANGED).float()
    weight = ((differences >= CHANGED) | (differences < SAME)).float()
    each = nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (each * weight).sum() / weight.sum()


def train(files, steps, seed):
    torch.manual_seed(seed)
    examples = Examples(files, np.random.default_rng(seed))
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    mean = 0.0
    for step in range(steps):
        x, differences = examples.batch(48)
        loss = loss_of(net(x), differences)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean += (float(loss.detach()) - mean) * max(0.01, 1 / (step + 1))
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}: loss {mean:.4f}", flush=True)
    return net


@torch.no_grad()
def measure(net, files):
    """Prints, for shares of the picture from which to alarm, how many pictures do."""
    found, kinds = [], []
    for path in files:
        kind = path.stem.rsplit("-", 1)[1]
        for inputs, differences, suspect in read(path):
            x = torch.from_numpy(joined(inputs, suspect))[None]
            p = torch.sigmoid(net(x))[0].numpy()
            found.append([(p > level).mean() for level in (0.5, 0.7, 0.9)])
            true = (differences >= CHANGED).mean()
            size = "0" if true == 0 else "<1%" if true < 0.01 else "<5%" if true < 0.05 else "<20%" if true < 0.2 else ">20%"
            kinds.append(f"{kind} {size}")
    found, kinds = np.array(found), np.array(kinds)
    print(f"{'pictures, true area':24}{'n':>6}  share of pictures with p > 0.5 (0.7, 0.9) over 1, 2, 4, 8 % of the area")
    for kind in sorted(set(kinds)):
        part = found[kinds == kind]
        rates = "   ".join(" ".join(f"{(part[:, i] > a).mean():5.3f}" for a in (0.01, 0.02, 0.04, 0.08)) for i in range(3))
        print(f"{kind:24}{len(part):6}  {rates}")


def write_table(net, path):
    """Row by row as block_net.h reads them: for each layer the weights by input and output, then the biases."""
    w = {name: p.detach().numpy() for name, p in net.named_parameters()}
    numbers = [SCALE * w["first.weight"][:, :, 0, 0].T, w["first.bias"]]
    for i in range(2):
        numbers += [w[f"around.{i}.weight"][:, 0].transpose(1, 2, 0), w[f"around.{i}.bias"]]
        numbers += [w[f"mix.{i}.weight"][:, :, 0, 0].T, w[f"mix.{i}.bias"]]
    numbers += [w["last.weight"][0, :, 0, 0], w["last.bias"]]
    flat = np.concatenate([n.reshape(-1) for n in numbers])
    lines = ["// Made by train/corruption/train.py; see train/corruption/README.md."]
    words = [f"{v:.5g}" for v in flat]
    words = [(v if "." in v or "e" in v else v + ".") + "F" for v in words]
    lines += [", ".join(words[i : i + 10]) + "," for i in range(0, len(words), 10)]
    path.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=pathlib.Path, required=True)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--hold", default="")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    torch.set_num_threads(1)
    files = sorted(p for p in o.examples.glob("*.bin") if p.stat().st_size)
    held = [p for p in files if o.hold and p.name.startswith(tuple(o.hold.split(",")))]
    net = train([p for p in files if p not in held], o.steps, o.seed)
    measure(net, held or files)
    if not held and o.table:
        write_table(net, o.table)


if __name__ == "__main__":
    main()
