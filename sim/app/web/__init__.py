"""What Solara loads: one page, one component; a folder of its own because Solara looks for assets beside it."""
