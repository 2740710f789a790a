"""Provisions of the State Firearm Law Database: the 72 of its codebook, and 15 of the edition of 1991-2017."""

from __future__ import annotations

PROVISIONS: dict[str, str] = {
    "relinquishment": (
        "People are required to relinquish their firearms after they become prohibited from possessing them"
    ),
    "violent": (
        "Firearm possession is prohibited for people who have committed a violent "
        "misdemeanor punishable by less than one year of imprisonment"
    ),
    "violenth": (
        "Handgun possession is prohibited for people who have committed a violent "
        "misdemeanor punishable by less than one year of imprisonment"
    ),
    "violentpartial": (
        "Firearm possession is prohibited for people who have committed a violent "
        "misdemeanor punishable by more than one year of imprisonment"
    ),
    "dealer": "State dealer license required for sale of all firearms",
    "dealerh": "State dealer license required for sale of handguns",
    "residential": "Ban on non-commercial dealers",
    "theft": "Mandatory reporting of stolen guns by all firearm dealers",
    "ammlicense": "Vendor license required to sell ammunition",
    "ammrecords": "Records of ammunition sales must be retained",
    "permit": "A license or permit is required to purchase all firearms",
    "permith": "A license or permit is required to purchase handguns",
    "registration": "Gun owners must register their firearms with the state",
    "registrationh": "Gun owners must register their handguns with the state",
    "defactoreg": (
        "De facto registration of firearms is in place because of a recordkeeping "
        "requirement for all gun sales"
    ),
    "defactoregh": (
        "De facto registration of handguns is in place because of a recordkeeping "
        "requirement for all handgun sales"
    ),
    "ammpermit": "Permit required to purchase ammunition",
    "age21handgunsale": (
        "Purchase of handguns from licensed dealers and private sellers restricted to age 21 and older"
    ),
    "age18longgunsale": (
        "Purchase of long guns from licensed dealers and private sellers restricted to age 18 and older"
    ),
    "age21longgunsale": (
        "Purchase of long guns from licensed dealers and private sellers restricted to age 21 and older"
    ),
    "age21handgunpossess": "No possession of handguns until age 21",
    "age18longgunpossess": "No possession of long guns until age 18",
    "age21longgunpossess": "No possession of long guns until age 21",
    "loststolen": "Mandatory reporting of lost and stolen guns by firearm owners",
    "amm18": "Purchase of any type of ammunition restricted to age 18 and older",
    "amm21h": "Purchase of handgun ammunition restricted to age 21 and older",
    "universal": "Universal background checks required at point of purchase for all firearms",
    "universalh": "Universal background check required at point of purchase for handguns",
    "gunshow": "Background checks required for all gun show firearm sales at point of purchase",
    "gunshowh": "Background checks required for gun show handgun sales at point of purchase",
    "universalpermit": (
        "Background checks conducted through permit requirement for all firearm sales "
        "(or universal background checks)"
    ),
    "universalpermith": (
        "Background checks conducted through permit requirement for all handgun sales "
        "(or universal background checks)"
    ),
    "ammbackground": "Background checks required for ammunition purchase",
    "statechecks": (
        "State conducts separate background checks, beyond the federal NICS check, for all firearms"
    ),
    "statechecksh": "State conducts separate background checks, beyond the federal NICS check, for handguns",
    "waiting": "Waiting period is required on all firearm purchases from dealers",
    "waitingh": "Waiting period is required on all handgun purchases from dealers",
    "assault": "Ban on sale of assault weapons beyond just assault pistols",
    "onefeature": "Ban on sale of assault weapons using a one-feature definition",
    "assaultlist": "Ban on sale of assault weapons which includes a list of banned weapons",
    "assaultregister": "Grandfathered weapons must be registered",
    "assaulttransfer": "Transfer of grandfathered weapons is prohibited",
    "magazine": "Ban on sale large capacity magazines beyond just ammunition for pistols",
    "tenroundlimit": "No magazines with a capacity of more than 10 rounds of ammunition may be sold",
    "magazinepreowned": "Possession of pre-owned large capacity magazines is prohibited",
    "onepermonth": "Buyers can purchase no more than one handgun per month with no or limited exceptions",
    "gvro": (
        "Family members or law enforcement officers can confiscate firearms from any "
        "person who is deemed by a judge to represent a threat to themselves or others"
    ),
    "gvrolawenforcement": (
        "Law enforcement officers can confiscate firearms from any person who is deemed "
        "by a judge to represent a threat to themselves or others"
    ),
    "college": "No gun carrying allowed on college campuses except for concealed weapon permittees",
    "collegeconcealed": "No gun carrying on college campuses, including concealed weapons permittees",
    "elementary": "No gun carrying on elementary school property, including concealed weapons permittees",
    "opencarryh": "No open carry of handguns is allowed in public places",
    "opencarryl": "No open carry of long guns is allowed in public places",
    "opencarrypermith": (
        "No open carry of handguns is allowed in public places unless the person has a "
        "concealed carry or handgun carry permit"
    ),
    "opencarrypermitl": (
        "No open carry of long guns is allowed in public places unless the person has a permit"
    ),
    "permitconcealed": "Permit required to carry concealed weapons",
    "mayissue": "May-issue state: officials may refuse a carry permit",
    "nosyg": "No stand your ground law",
    "locked": "All firearms in a household must be stored securely (locked away) at all times",
    "liability": "Dealers are liable for damages resulting from illegal gun sales",
    "mcdv": (
        "People convicted of a misdemeanor crime of domestic violence against a spouse, "
        "ex-spouse, or cohabitating partner are prohibited from possessing firearms"
    ),
    "mcdvsurrender": (
        "People convicted of a misdemeanor crime of domestic violence against a spouse, "
        "ex-spouse, or cohabitating partner are required to surrender their firearms"
    ),
    "mcdvremovalallowed": "State law allows law enforcement to remove firearms from MCDV offenders",
    "mcdvremovalrequired": (
        "State law requires law enforcement officers to remove firearms from MCDV offenders"
    ),
    "incidentremoval": (
        "State law requires law enforcement to remove firearms from the scene of a domestic violence incident"
    ),
    "incidentall": "All firearms must be removed from the scene of a domestic violence incident",
    "dvro": (
        "State law automatically prohibits domestic violence-related restraining order "
        "(DVRO) subjects from possessing firearms"
    ),
    "exparte": "Ex parte (temporary) DVRO subjects are automatically prohibited from possessing firearms",
    "dvrosurrender": "State law requires DVRO subjects to surrender their firearms",
    "expartesurrender": "State law requires ex parte DVRO subjects to surrender their firearms",
    "dvroremoval": (
        "Law enforcement officials are required to remove firearms from people subject "
        "to a domestic violence-related restraining order"
    ),
    "stalking": "A stalking conviction is prohibitive for firearm possession",
}
# Provisions of the edition of 1991-2017 that the later edition dropped and that bear on trafficking. The wording is
# this project's; the edition's own codebook is not part of the project.
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
