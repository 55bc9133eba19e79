"""What an exercise asks for or forbids in the code, on the syntax tree. A hint for learners and no wall: code that wants
to hide a call can. docs/lessons.md lists the words.

    for, if, lambda, ...     a statement or expression of that name, see KINDS
    +, //, and, in, ...      an operator, see OPERATORS; + finds += too, += only itself
    recursion                a function that calls itself
    sorted                   a use of the builtin, a call of a function of the solution's own
    .reverse                 a use of a method or attribute of anything
    math.sqrt, str.join      through other names and imports too; of str and its like what is written on the type or a literal
    re, os.path              where the module is imported and used

It is loaded in ordinary runs too, before the program: it imports nothing that the harness has not loaded.
"""

import _ast
import builtins
import os
import warnings

WORK = "/work"
BROKEN_MOST = 20  # of each rule
AST_ONLY = 0x400  # PyCF_ONLY_AST
FUNCTIONS = _ast.FunctionDef, _ast.AsyncFunctionDef
SCOPES = *FUNCTIONS, _ast.Lambda, _ast.ClassDef
CONTAINERS = {_ast.JoinedStr: "str", _ast.List: "list", _ast.ListComp: "list", _ast.Dict: "dict",
              _ast.DictComp: "dict", _ast.Set: "set", _ast.SetComp: "set", _ast.Tuple: "tuple"}  # fmt: skip

KINDS = {
    "annotation": (_ast.AnnAssign,),  # and see has_annotation
    "assert": (_ast.Assert,),
    "async": (_ast.AsyncFunctionDef, _ast.AsyncFor, _ast.AsyncWith),
    "await": (_ast.Await,),
    "break": (_ast.Break,),
    "class": (_ast.ClassDef,),
    "comprehension": (_ast.ListComp, _ast.SetComp, _ast.DictComp, _ast.GeneratorExp),
    "continue": (_ast.Continue,),
    "def": FUNCTIONS,
    "del": (_ast.Delete,),
    "except": (_ast.ExceptHandler,),
    "f-string": (_ast.JoinedStr,),
    "for": (_ast.For, _ast.AsyncFor),
    "generator": (_ast.Yield, _ast.YieldFrom),
    "global": (_ast.Global,),
    "if": (_ast.If, _ast.IfExp),
    "import": (_ast.Import, _ast.ImportFrom),
    "lambda": (_ast.Lambda,),
    "match": (_ast.Match,),
    "nonlocal": (_ast.Nonlocal,),
    "pass": (_ast.Pass,),
    "raise": (_ast.Raise,),
    "return": (_ast.Return,),
    "try": (_ast.Try, _ast.TryStar),
    "while": (_ast.While,),
    "with": (_ast.With, _ast.AsyncWith),
    "yield": (_ast.Yield, _ast.YieldFrom),
    "[:]": (_ast.Slice,),
    ":=": (_ast.NamedExpr,),
}
BINARY = {"+": _ast.Add, "-": _ast.Sub, "*": _ast.Mult, "/": _ast.Div, "//": _ast.FloorDiv, "%": _ast.Mod, "**": _ast.Pow,
          "@": _ast.MatMult, "&": _ast.BitAnd, "|": _ast.BitOr, "^": _ast.BitXor, "<<": _ast.LShift,
          ">>": _ast.RShift}  # fmt: skip
OPERATORS = {
    "and": (_ast.And,),
    "or": (_ast.Or,),
    "not": (_ast.Not,),
    "~": (_ast.Invert,),
    "==": (_ast.Eq,),
    "!=": (_ast.NotEq,),
    "<": (_ast.Lt,),
    "<=": (_ast.LtE,),
    ">": (_ast.Gt,),
    ">=": (_ast.GtE,),
    "is": (_ast.Is, _ast.IsNot),
    "in": (_ast.In, _ast.NotIn),
    **{word: (kind,) for word, kind in BINARY.items()},
}
ASSIGNED = {word + "=": kind for word, kind in BINARY.items()}


def check(rules, files):
    """Broken rules of [(forbid or require, word)] as dicts for the report. A file that does not compile breaks none."""
    trees = [Tree(tree) for tree in map(parse, files) if tree is not None] if rules else []
    broken = []
    for kind, word in rules if trees else ():
        lines = [line for tree in trees for line in tree.lines(word)]
        if kind == "forbid":
            broken += [{"rule": word, "kind": kind, "line": line} for line in lines[:BROKEN_MOST]]
        elif not lines:
            broken.append({"rule": word, "kind": kind})
    return broken


def parse(file):
    if not file.endswith(".py"):
        return None
    try:
        with open(os.path.join(WORK, file), "rb") as opened, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(opened.read(), file, "exec", AST_ONLY, True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def children(node):
    for name in node._fields:
        value = getattr(node, name, None)
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, _ast.AST):
                yield each


def walk(tree, stop=()):
    """The node and all beneath it in the order of the source, but what is in those of the kinds of `stop`."""
    ahead = [tree]
    while ahead:
        node = ahead.pop()
        yield node
        if node is tree or not isinstance(node, stop):
            ahead += reversed([*children(node)])


def bound(scope):
    """The names that are variables, parameters, functions or classes of a scope; what it imports is in `Tree.imports`."""
    names = set()
    for node in walk(scope, SCOPES):
        if isinstance(node, _ast.Name) and not isinstance(node.ctx, _ast.Load):
            names.add(node.id)
        elif isinstance(node, _ast.arg):
            names.add(node.arg)
        elif isinstance(node, (*FUNCTIONS, _ast.ClassDef)) and node is not scope:
            names.add(node.name)
        elif isinstance(node, (_ast.ExceptHandler, _ast.MatchAs, _ast.MatchStar)) and node.name:
            names.add(node.name)
        elif isinstance(node, _ast.MatchMapping) and node.rest:
            names.add(node.rest)
    return names


def has_annotation(node):
    return isinstance(node, _ast.arg) and node.annotation is not None or isinstance(node, FUNCTIONS) and node.returns is not None


def is_docstring(node):
    return isinstance(node, _ast.Expr) and isinstance(node.value, _ast.Constant) and isinstance(node.value.value, str)


class Tree:
    def __init__(self, tree):
        self.root, self.imports, self.called, self.methods = tree, {}, set(), set()
        for node in walk(tree):
            if isinstance(node, _ast.Call):
                self.called.add(node.func)
            elif isinstance(node, _ast.ClassDef):
                self.methods.update(node.body)
            elif isinstance(node, _ast.Import):
                for each in node.names:
                    name = each.name if each.asname else each.name.partition(".")[0]
                    self.imports[each.asname or name] = name
            elif isinstance(node, _ast.ImportFrom) and not node.level:
                for each in node.names:
                    self.imports[each.asname or each.name] = f"{node.module}.{each.name}"
        self.nodes = [*self.with_scopes()]

    def with_scopes(self):
        """Every node with the sets of names that are bound where it stands."""
        ahead = [(self.root, (bound(self.root),), ())]
        while ahead:
            node, scopes, hidden = ahead.pop()  # what a class binds is hidden from its methods
            yield node, scopes + hidden
            if isinstance(node, _ast.ClassDef):
                hidden = (bound(node),)
            elif isinstance(node, SCOPES):
                scopes, hidden = (*scopes, bound(node)), ()
            ahead += [(each, scopes, hidden) for each in reversed([*children(node)])]

    def lines(self, word):
        if word == "recursion":
            found = self.recursion()
        elif word == "docstring":
            found = self.docstrings()
        else:
            found = [node for node, scopes in self.nodes if self.is_use(word, node, scopes)]
        return sorted({node.lineno for node in found})

    def is_use(self, word, node, scopes):
        if word in KINDS:
            return isinstance(node, KINDS[word]) or word == "annotation" and has_annotation(node)
        if word in OPERATORS:
            return any(isinstance(each, OPERATORS[word]) for each in operators(node))
        if word in ASSIGNED:
            return isinstance(node, _ast.AugAssign) and isinstance(node.op, ASSIGNED[word])
        if isinstance(node, (_ast.Import, _ast.ImportFrom)):
            return any((name + ".").startswith(word + ".") for name in imported(node))
        if isinstance(node, _ast.Attribute) and word.startswith("."):
            return "." + node.attr == word
        if not isinstance(node, (_ast.Name, _ast.Attribute)) or not isinstance(node.ctx, _ast.Load):
            return False
        return self.is_named(word, node, scopes)

    def is_named(self, word, node, scopes):
        if isinstance(node, _ast.Name) and any(node.id in names for names in scopes):
            return node.id == word and node in self.called and not hasattr(builtins, word)
        return self.full_name(node, scopes) == word

    def full_name(self, node, scopes):
        """math.sqrt for what is that by any import; None for what has no name."""
        parts = []
        while isinstance(node, _ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, _ast.Name):
            own = any(node.id in names for names in scopes)
            parts.append(node.id if own else self.imports.get(node.id, node.id))
        elif isinstance(node, _ast.Constant):
            parts.append(type(node.value).__name__)
        elif type(node) in CONTAINERS:
            parts.append(CONTAINERS[type(node)])
        else:
            return None
        return ".".join(reversed(parts)).removeprefix("builtins.")

    def docstrings(self):
        bodies = [node.body for node, _ in self.nodes if isinstance(node, (*FUNCTIONS, _ast.ClassDef, _ast.Module))]
        return [body[0] for body in bodies if body and is_docstring(body[0])]

    def recursion(self):
        for node, _ in self.nodes:
            if isinstance(node, FUNCTIONS):
                yield from self.names_in(node, node.name)
            elif isinstance(node, _ast.Assign) and isinstance(node.value, _ast.Lambda):
                for target in node.targets:
                    if isinstance(target, _ast.Name):
                        yield from self.names_in(node.value, target.id)
            elif isinstance(node, _ast.ClassDef):
                for method in node.body:
                    if isinstance(method, FUNCTIONS):
                        yield from self.calls_of_method(node, method)

    def names_in(self, function, name):
        """Where it calls itself, or hands itself to another. A method of that name is another function."""
        if function in self.methods:
            return
        for node in walk(function):
            if isinstance(node, _ast.Name) and node.id == name and isinstance(node.ctx, _ast.Load):
                yield node

    @staticmethod
    def calls_of_method(kind, method):
        arguments = method.args.posonlyargs + method.args.args
        owners = {kind.name, *(each.arg for each in arguments[:1])}
        for node in walk(method):
            if isinstance(node, _ast.Attribute) and node.attr == method.name and isinstance(node.ctx, _ast.Load):
                if isinstance(node.value, _ast.Name) and node.value.id in owners:
                    yield node


def operators(node):
    if isinstance(node, (_ast.BinOp, _ast.AugAssign, _ast.UnaryOp, _ast.BoolOp)):
        return [node.op]
    return node.ops if isinstance(node, _ast.Compare) else []


def imported(node):
    if isinstance(node, _ast.Import):
        return [each.name for each in node.names]
    return [f"{node.module}.{each.name}" for each in node.names] if not node.level else []
