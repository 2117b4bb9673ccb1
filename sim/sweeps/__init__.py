"""Many questions at once: designs, a runner that loses nothing, sensitivity, discovery."""
