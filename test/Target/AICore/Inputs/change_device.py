"""Takes the device's description out of a model and changes it.

    change_device.py MODEL.om OUT.json KEY.KEY=NUMBER...
"""

import json
import sys

data = open(sys.argv[1], "rb").read().decode("latin-1")
at = data.index('"ai_core"')
while True:
    at = data.rindex("{", 0, at)
    try:
        device, _ = json.JSONDecoder().raw_decode(data[at:])
    except ValueError:
        continue
    if "ai_core" in device:
        break
for change in sys.argv[3:]:
    path, value = change.split("=")
    *keys, last = path.split(".")
    part = device
    for key in keys:
        part = part[key]
    part[last] = int(value)
json.dump(device, open(sys.argv[2], "w"))
