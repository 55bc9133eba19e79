class Meta(type):
    registry = []
    def __new__(cls, name, bases, space, **options):
        made = super().__new__(cls, name, bases, space, **options)
        cls.registry.append(name)
        return made
class Base(metaclass=Meta):
    def __init_subclass__(cls, **options):
        print("subclass", cls.__name__, options)
    def hello(self):
        return "base"
class A(Base, mark=1):
    def hello(self):
        return "A+" + super().hello()
class B(Base):
    def hello(self):
        return "B+" + super().hello()
class C(A, B):
    __slots__ = ("x",)
    @property
    def double(self):
        return self.x * 2
    @double.setter
    def double(self, value):
        self.x = value // 2
    @classmethod
    def make(cls):
        return cls()
    @staticmethod
    def static():
        return "static"
    def __getattr__(self, name):
        return f"no {name}"
print(C().hello(), [k.__name__ for k in C.__mro__], Meta.registry)
c = C.make()
c.double = 10
print(c.x, c.double, c.static(), c.missing)
class V:
    def __init__(self, *p): self.p = p
    def __add__(self, o): return V(*(a + b for a, b in zip(self.p, o.p)))
    def __repr__(self): return f"V{self.p}"
    def __eq__(self, o): return self.p == o.p
    def __len__(self): return len(self.p)
    def __getitem__(self, i): return self.p[i]
    def __contains__(self, x): return x in self.p
    def __call__(self): return "called"
print(V(1, 2) + V(3, 4), V(1) == V(1), len(V(1, 2)), V(5)[0], 5 in V(5), V()(), list(V(7, 8)))
