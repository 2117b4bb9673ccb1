"""What Solara loads: one page, one component; a folder of its own because Solara looks for assets beside it.

Solara reads its settings when it is first imported, so they are made here, before anything in this folder imports it.
"""

import os

from sim.app.serve import SETTINGS

os.environ.update(SETTINGS)
