"""Provisions of the edition of 1991-2017 that the later edition dropped and that bear on trafficking.

The wording is this project's; the edition's own codebook is not part of the project.
"""

from __future__ import annotations

PROVISIONS_1991: dict[str, str] = {
    "strawpurchase": "Buying a firearm for someone else is prohibited: any firearm",
    "strawpurchaseh": "Buying a firearm for someone else is prohibited: handguns",
    "traffickingbackground": "Trafficking provision that rests on background checks",
    "traffickingprohibited": "Trafficking provision that is a prohibition: any firearm",
    "traffickingprohibitedh": "Trafficking provision that is a prohibition: handguns",
    "recordsall": "All sellers keep records: any firearm",
    "recordsallh": "All sellers keep records: handguns",
    "recordsdealer": "Dealers keep records: any firearm",
    "recordsdealerh": "Dealers keep records: handguns",
    "reportall": "All sellers report sales to the state: any firearm",
    "reportallh": "All sellers report sales to the state: handguns",
    "reportdealer": "Dealers report sales to the state: any firearm",
    "reportdealerh": "Dealers report sales to the state: handguns",
    "inspection": "Dealers are inspected by police",
    "security": "Dealers must keep security measures",
}
