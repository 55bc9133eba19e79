from collections import Counter, OrderedDict, defaultdict, deque


def count(text):
    return Counter(text)


def group(words):
    found = defaultdict(list)
    for word in words:
        found[len(word)].append(word)
    return found


def rotate(values, by):
    turned = deque(values)
    turned.rotate(by)
    return turned


def order(pairs):
    return OrderedDict(sorted(pairs))


def keys(table):
    return table.keys()


class Bag(dict):
    def put(self, item):
        self[item] = self.get(item, 0) + 1


class Custom:
    def __init__(self, *items):
        self.items = list(items)

    def __contains__(self, item):
        return item in self.items

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return iter(self.items)

    def __setitem__(self, index, value):
        self.items[index] = value

    def __delitem__(self, index):
        del self.items[index]
