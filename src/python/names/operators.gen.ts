// Made by `npm run python-names` from CPython 3.11, 3.14: see scripts/python-names. Do not edit.

/** An operator and a type on its left a line, then the types on its right with which it may go well; the first line has all types tried. */
export const OPERATORS = `
- - NoneType bool bytes complex dict ellipsis float frozenset int list range set str tuple
Add bool bool complex float int
Add bytes bytes
Add complex bool complex float int
Add float bool complex float int
Add int bool complex float int
Add list list
Add str str
Add tuple tuple
Sub bool bool complex float int
Sub complex bool complex float int
Sub float bool complex float int
Sub frozenset frozenset set
Sub int bool complex float int
Sub set frozenset set
Mult bool bool bytes complex float int list str tuple
Mult bytes bool int
Mult complex bool complex float int
Mult float bool complex float int
Mult int bool bytes complex float int list str tuple
Mult list bool int
Mult str bool int
Mult tuple bool int
Div bool bool complex float int
Div complex bool complex float int
Div float bool complex float int
Div int bool complex float int
FloorDiv bool bool float int
FloorDiv float bool float int
FloorDiv int bool float int
Mod bool bool float int
Mod bytes bytes dict list range tuple
Mod float bool float int
Mod int bool float int
Mod str NoneType bool bytes complex dict ellipsis float frozenset int list range set str tuple
Pow bool bool complex float int
Pow complex bool complex float int
Pow float bool complex float int
Pow int bool complex float int
LShift bool bool int
LShift int bool int
RShift bool bool int
RShift int bool int
BitOr bool bool int
BitOr dict dict
BitOr frozenset frozenset set
BitOr int bool int
BitOr set frozenset set
BitAnd bool bool int
BitAnd frozenset frozenset set
BitAnd int bool int
BitAnd set frozenset set
BitXor bool bool int
BitXor frozenset frozenset set
BitXor int bool int
BitXor set frozenset set
order bool bool float int
order bytes bytes
order float bool float int
order frozenset frozenset set
order int bool float int
order list list
order set frozenset set
order str str
order tuple tuple
item bytes bool int
item dict NoneType bool bytes complex ellipsis float frozenset int range str tuple
item list bool int
item range bool int
item str bool int
item tuple bool int
`;
