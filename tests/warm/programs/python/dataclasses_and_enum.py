from dataclasses import asdict, dataclass, field, replace
from enum import Enum, Flag, IntEnum, auto

@dataclass(order=True, frozen=True)
class Card:
    rank: int
    suit: str = "hearts"
    tags: tuple = field(default=(), compare=False, repr=False)
print(Card(5) < Card(6), Card(5), replace(Card(5), suit="spades"), asdict(Card(1)))
try:
    Card(5).rank = 6
except Exception as e:
    print(type(e).__name__, e)

class Color(Enum):
    RED = auto()
    GREEN = auto()
class Level(IntEnum):
    LOW = 1
class Perm(Flag):
    R = auto()
    W = auto()
print(list(Color), Color["RED"], Color(2).name, Level.LOW + 1, Perm.R | Perm.W, Perm.R in (Perm.R | Perm.W))
