"""Things that pictures show, drawn flat: each stands on the origin and is about 200 units high.

Colors by role: `a` the thing, `b` its light side or a second part, `c` its dark side, `p` paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOAF = (
    '<path fill="{a}" d="M-120 0C-140-10-140-95-70-105C-30-125 40-125 75-105C140-95 138-10 120 0z"/>'
    '<path fill="{b}" d="M-96-20C-108-50-92-84-62-88C-30-104 36-104 66-88C96-84 108-50 96-20C60-34-60-34-96-20z"/>'
    '<path fill="none" stroke="{c}" stroke-width="7" stroke-linecap="round" d="M-58-86L-38-44M-8-98L8-52M44-92L54-46"/>'
)
BAGUETTE = (
    '<path fill="{a}" d="M-128-14C-140-44 96-150 124-136C152-120-86 10-128-14z"/>'
    '<path fill="none" stroke="{b}" stroke-width="11" stroke-linecap="round" d="M-74-38L-46-34M-30-60L-2-54M14-82L42-76M58-104L84-98"/>'
)
BUN = (
    '<path fill="{a}" d="M-100 0C-122-20-112-96 0-100C112-96 122-20 100 0z"/>'
    '<path fill="{b}" d="M-66-52C-52-84 52-84 66-52C30-66-30-66-66-52z"/>'
    '<g fill="{p}"><circle cx="-30" cy="-74" r="5"/><circle cx="4" cy="-84" r="5"/><circle cx="34" cy="-72" r="5"/><circle cx="-4" cy="-64" r="5"/></g>'
)
CUP = (
    '<path fill="none" stroke="{c}" stroke-width="15" d="M70-100C130-110 128-40 62-44"/>'
    '<path fill="{a}" d="M-84-124H84C84-40 60 0 0 0S-84-40-84-124z"/>'
    '<path fill="{b}" d="M-84-124H-30C-34-60-30-20-10 0C-60-2-84-44-84-124z"/>'
    '<ellipse cx="0" cy="-124" rx="84" ry="17" fill="{c}"/>'
    '<path fill="none" stroke="{p}" stroke-width="6" stroke-linecap="round" d="M-22-158C-34-174-12-184-24-202M18-158C6-174 28-184 16-202"/>'
)
BAG = (
    '<path fill="{a}" d="M-72-190H72L80 0H-80z"/><path fill="{c}" d="M-72-190H72V-164H-72z"/>'
    '<rect x="-46" y="-128" width="92" height="84" rx="4" fill="{p}"/>'
    '<circle cx="0" cy="-98" r="17" fill="{b}"/><path fill="{c}" d="M-28-66H28V-60H-28z"/>'
)
BOTTLE = (
    '<path fill="{a}" d="M-17-220H17V-158C17-146 40-140 40-112V0H-40V-112C-40-140-17-146-17-158z"/>'
    '<path fill="{c}" d="M-18-222H18V-196H-18z"/><rect x="-40" y="-92" width="80" height="58" fill="{p}"/>'
    '<path fill="{b}" d="M-24-74H24V-68H-24zM-16-58H16V-53H-16z"/>'
)
GLASS = (
    '<path fill="{p}" d="M-48-190H48C52-120 30-96 6-92V-14H40V0H-40V-14H-6V-92C-30-96-52-120-48-190z"/>'
    '<path fill="{a}" d="M-48-148H48C46-112 26-98 0-98S-46-112-48-148z"/>'
)
VASE = (
    '<path fill="{a}" d="M-26-190H26C26-150 74-130 74-74C74-28 46 0 0 0S-74-28-74-74C-74-130-26-150-26-190z"/>'
    '<path fill="{b}" d="M-26-190H-4C-6-150-40-120-40-72C-40-34-26-10 0 0C-46 0-74-28-74-74C-74-130-26-150-26-190z"/>'
    '<ellipse cx="0" cy="-190" rx="27" ry="8" fill="{c}"/>'
)
FLOWERS = (
    '<path fill="none" stroke="{c}" stroke-width="6" d="M0-90C-8-150-44-180-56-224M2-90C4-160 6-200 4-250M6-90C20-150 48-170 62-206"/>'
    '<circle cx="-58" cy="-230" r="26" fill="{b}"/><circle cx="4" cy="-258" r="31" fill="{p}"/><circle cx="66" cy="-212" r="24" fill="{b}"/>'
    '<circle cx="-58" cy="-230" r="9" fill="{c}"/><circle cx="4" cy="-258" r="11" fill="{c}"/><circle cx="66" cy="-212" r="8" fill="{c}"/>'
    '<path fill="{a}" d="M-46-104H46L36 0H-36z"/><path fill="{c}" d="M-50-110H50V-92H-50z"/>'
)
PLANT = (
    '<g fill="{b}"><path d="M0-86C-70-96-98-150-92-206C-34-190-6-146 0-86z"/><path d="M0-86C66-92 100-136 100-194C42-186 8-148 0-86z"/></g>'
    '<path fill="{c}" d="M0-86C-30-140-30-200 0-252C30-200 30-140 0-86z"/>'
    '<path fill="{a}" d="M-58-92H58L44 0H-44z"/><path fill="{p}" opacity=".35" d="M-62-96H62V-76H-62z"/>'
)
BOWL = (
    '<g fill="{b}"><circle cx="-44" cy="-92" r="28"/><circle cx="44" cy="-92" r="28"/></g><circle cx="0" cy="-100" r="34" fill="{p}"/><circle cx="-2" cy="-104" r="13" fill="{c}"/>'
    '<path fill="{a}" d="M-110-86H110C106-30 60 0 0 0S-106-30-110-86z"/><path fill="{c}" d="M-40-6H40V4H-40z"/>'
)
PLATE = (
    '<circle cx="0" cy="-104" r="104" fill="{p}"/><circle cx="0" cy="-104" r="72" fill="{b}"/>'
    '<path fill="{a}" d="M-46-98C-40-146 34-150 46-108C52-72-38-58-46-98z"/><circle cx="-16" cy="-76" r="16" fill="{c}"/><circle cx="26" cy="-128" r="12" fill="{c}"/>'
)
CHAIR = (
    '<path fill="{a}" d="M-62-240H-44L-38-104H38L44-240H62L54-104V0H40L34-78H-34L-40 0H-54V-104z"/>'
    '<path fill="{b}" d="M-52-236H52L46-150H-46z"/><path fill="{c}" d="M-66-116H66V-88H-66z"/>'
)
LAMP = (
    '<path fill="{c}" d="M-5-150H5V-12H-5z"/><ellipse cx="0" cy="-6" rx="50" ry="9" fill="{c}"/>'
    '<path fill="{a}" d="M-38-236H38L78-142H-78z"/><path fill="{b}" d="M-38-236H-8L-22-142H-78z"/>'
)
BOOKS = (
    '<rect x="-104" y="-40" width="208" height="40" rx="3" fill="{a}"/><rect x="-88" y="-76" width="176" height="36" rx="3" fill="{p}"/>'
    '<rect x="-98" y="-118" width="184" height="42" rx="3" fill="{b}"/><rect x="-66" y="-148" width="140" height="30" rx="3" fill="{c}"/>'
    '<path fill="{p}" d="M-86-28H-20V-20H-86zM-80-102H-34V-94H-80z"/><path fill="{a}" d="M40-64H74V-56H40z"/>'
)
COVER = (
    '<rect x="-76" y="-222" width="152" height="222" rx="4" fill="{a}"/><rect x="-76" y="-222" width="17" height="222" fill="{c}"/>'
    '<circle cx="10" cy="-130" r="40" fill="{b}"/><path fill="{p}" d="M-34-60H52V-50H-34zM-34-40H26V-32H-34z"/>'
)
JAR = (
    '<rect x="-68" y="-112" width="136" height="112" rx="16" fill="{a}"/><rect x="-62" y="-146" width="124" height="38" rx="7" fill="{c}"/>'
    '<rect x="-42" y="-80" width="84" height="48" rx="3" fill="{p}"/><path fill="{b}" d="M-24-62H24V-56H-24z"/>'
)
PUMP = (
    '<path fill="{c}" d="M-10-232H44V-216H12V-190H-10zM-24-192H24V-166H-24z"/><rect x="-54" y="-168" width="108" height="168" rx="14" fill="{a}"/>'
    '<path fill="{b}" d="M-54-154A14 14 0 01-40-168H-18V0H-40A14 14 0 01-54-14z"/><rect x="-28" y="-112" width="62" height="66" rx="3" fill="{p}"/>'
)
CANDLE = (
    '<path fill="{b}" d="M0-216C16-186 22-172 0-154C-22-172-16-186 0-216z"/><path fill="{c}" d="M-3-160H3V-138H-3z"/>'
    '<rect x="-62" y="-140" width="124" height="140" rx="8" fill="{a}"/><rect x="-62" y="-92" width="124" height="54" fill="{p}"/>'
)
DUMBBELL = (
    '<rect x="-90" y="-78" width="180" height="20" fill="{c}"/><g fill="{a}"><rect x="-112" y="-136" width="34" height="136" rx="9"/><rect x="78" y="-136" width="34" height="136" rx="9"/></g>'
    '<g fill="{b}"><rect x="-140" y="-112" width="28" height="88" rx="8"/><rect x="112" y="-112" width="28" height="88" rx="8"/></g>'
)
HANDBAG = (
    '<path fill="none" stroke="{c}" stroke-width="11" d="M-46-132C-46-222 46-222 46-132"/><path fill="{a}" d="M-94-140H94L110 0H-110z"/>'
    '<path fill="{b}" d="M-94-140H94L90-86C30-66-30-66-90-86z"/><circle cx="0" cy="-76" r="11" fill="{p}"/>'
)
RING = (
    '<circle cx="0" cy="-78" r="66" fill="none" stroke="{a}" stroke-width="19"/><path fill="{b}" d="M-34-196H34L56-170L0-122L-56-170z"/>'
    '<path fill="{p}" d="M-34-196H0L0-122L-56-170z" opacity=".6"/>'
)
BLOCKS = (
    '<rect x="-104" y="-96" width="96" height="96" rx="8" fill="{a}"/><rect x="2" y="-96" width="96" height="96" rx="8" fill="{b}"/>'
    '<rect x="-52" y="-196" width="96" height="96" rx="8" fill="{c}"/><circle cx="-56" cy="-48" r="24" fill="{p}"/><path fill="{p}" d="M50-76L76-26H24z"/><rect x="-24" y="-168" width="40" height="40" fill="{p}"/>'
)
RECORD = (
    '<rect x="-130" y="-200" width="180" height="200" rx="4" fill="{b}"/><circle cx="40" cy="-100" r="94" fill="{c}"/><circle cx="40" cy="-100" r="34" fill="{a}"/><circle cx="40" cy="-100" r="6" fill="{p}"/>'
    '<circle cx="40" cy="-100" r="64" fill="none" stroke="{p}" stroke-opacity=".25" stroke-width="3"/>'
)
PHONE = (
    '<rect x="-64" y="-236" width="128" height="236" rx="20" fill="{c}"/><rect x="-54" y="-224" width="108" height="212" rx="11" fill="{p}"/>'
    '<rect x="-42" y="-206" width="60" height="10" rx="5" fill="{a}"/><rect x="-42" y="-182" width="84" height="62" rx="8" fill="{b}"/><g fill="{a}"><rect x="-42" y="-106" width="38" height="38" rx="7"/><rect x="4" y="-106" width="38" height="38" rx="7" opacity=".6"/></g><rect x="-42" y="-48" width="84" height="20" rx="10" fill="{c}"/>'
)
PARCEL = (
    '<path fill="{a}" d="M-108-128L0-92V0L-108-38z"/><path fill="{c}" d="M108-128L0-92V0L108-38z"/><path fill="{b}" d="M0-164L108-128L0-92L-108-128z"/>'
    '<path fill="{p}" d="M-66-150L-44-157L64-121V-88L42-81V-114z" opacity=".8"/>'
)
SOLIDS = (
    '<rect x="-110" y="-150" width="84" height="150" fill="{a}"/><circle cx="52" cy="-58" r="58" fill="{b}"/><path fill="{c}" d="M-30 0L16-96L62 0z"/><rect x="-110" y="-188" width="38" height="38" fill="{p}"/>'
)
CAMERA = (
    '<path fill="{c}" d="M-44-158H44L58-126H-58z"/><rect x="-122" y="-134" width="244" height="134" rx="14" fill="{a}"/><path fill="{b}" d="M-122-96H122V-74H-122z"/>'
    '<circle cx="0" cy="-64" r="58" fill="{c}"/><circle cx="0" cy="-64" r="40" fill="{p}"/><circle cx="0" cy="-64" r="24" fill="{c}"/><circle cx="88" cy="-114" r="9" fill="{p}"/>'
)
PANEL = (
    '<path fill="{c}" d="M-6-60H6V0H-6zM-48-8H48V0H-48z"/><path fill="{a}" d="M-118-60L-86-190H118L92-60z"/>'
    '<path fill="none" stroke="{p}" stroke-opacity=".6" stroke-width="5" d="M-102-124H106M-50-60L-24-190M22-60L46-190"/>'
)
BIKE = (
    '<g fill="none" stroke="{c}" stroke-width="10"><circle cx="-84" cy="-62" r="58"/><circle cx="84" cy="-62" r="58"/></g>'
    '<path fill="none" stroke="{a}" stroke-width="12" stroke-linejoin="round" stroke-linecap="round" d="M-84-62L-34-146H52L84-62M-34-146L2-62L52-146M2-62H-84M-34-146L-42-168M52-146L44-182H70"/><path fill="{c}" d="M-66-178H-20V-166H-66z"/>'
)
BY_TOPIC: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bread": (LOAF, BUN, BAGUETTE, JAR),
        "coffee": (CUP, BAG, JAR, PLATE),
        "wine": (BOTTLE, GLASS, BAG),
        "flowers": (FLOWERS, PLANT, VASE),
        "food": (BOWL, PLATE, BOTTLE, JAR),
        "wood": (CHAIR, LAMP, BLOCKS),
        "ceramics": (VASE, BOWL, CUP, PLATE),
        "books": (BOOKS, COVER, LAMP),
        "beauty": (PUMP, JAR, CANDLE, FLOWERS),
        "health": (PUMP, PLANT, JAR),
        "yoga": (CANDLE, PLANT, BOWL),
        "sport": (DUMBBELL, BIKE, BOTTLE),
        "sea": (GLASS, PLANT, BOTTLE),
        "mountains": (BOTTLE, LAMP, JAR),
        "hotel": (LAMP, VASE, CUP),
        "architecture": (CHAIR, SOLIDS, LAMP),
        "music": (RECORD, SOLIDS, LAMP),
        "kids": (BLOCKS, COVER, SOLIDS),
        "fashion": (HANDBAG, RING, COVER),
        "energy": (PANEL, PLANT, PHONE),
        "law": (BOOKS, LAMP, COVER),
        "money": (PHONE, BOOKS, SOLIDS),
        "school": (BOOKS, COVER, LAMP),
        "software": (PHONE, PANEL, SOLIDS),
        "photo": (CAMERA, COVER, LAMP),
        "art": (SOLIDS, VASE, COVER),
        "city": (BIKE, CUP, COVER),
        "people": (CUP, BOOKS, PLANT),
    }
)
USUAL = (PARCEL, VASE, SOLIDS, BOOKS)


def list_objects(topic: str) -> tuple[str, ...]:
    return BY_TOPIC.get(topic, USUAL)
