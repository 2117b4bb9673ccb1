"""A first look at a sweep, in cells that a notebook opens: `python first_look.py FOLDER`."""

# %% Where the sweep is
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")  # in a notebook leave this line out
import matplotlib.pyplot as plt
import pandas as pd

folder = Path(sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir() else "our-sweep")
outcome = "need_served_at_fidelity_share"

# %% Every run: a row each
runs = pd.read_parquet(folder / "runs.parquet")
print(f"{len(runs):,} runs, {runs['point'].nunique():,} points, scenarios: {', '.join(runs['scenario'].unique())}")

# %% Runs of one point and replicate share their random numbers: pair them
wide = runs.pivot_table(index=["point", "replicate"], columns="scenario", values=outcome)
first, other = runs["scenario"].unique()[:2]
difference = (wide[first] - wide[other]).groupby("point").mean()

# %% The difference over each factor
points = pd.read_csv(folder / "points.csv").set_index("point")
factors = [name for name in points.columns if pd.api.types.is_numeric_dtype(points[name])]
found = points.assign(difference=difference)
print(found[[*factors, "difference"]].corr(method="spearman")["difference"].drop("difference").round(2).to_string())

# %% One chart
figure, axes = plt.subplots(1, len(factors), figsize=(3 * len(factors), 3), sharey=True, squeeze=False)
for axis, name in zip(axes[0], factors, strict=True):
    axis.scatter(found[name], found["difference"], s=6)
    axis.set_xlabel(name)
axes[0][0].set_ylabel(f"{outcome}:\n{first} minus {other}")
figure.tight_layout()
figure.savefig(folder / "first-look.png", dpi=150)
print(f"Chart: {folder / 'first-look.png'}")
