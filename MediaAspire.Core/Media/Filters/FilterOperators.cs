namespace MediaAspire.Core.Media.Filters;

/// <summary>The operators of a condition. Their names in lower case are those of the API.</summary>
[Flags]
public enum FilterOperators
{
    None = 0,

    /// <summary>Equal; for a set: it has all of the values.</summary>
    Eq = 1,

    /// <summary>Not equal; also true for an item that does not have the field.</summary>
    Ne = 2,

    Gt = 4,
    Gte = 8,
    Lt = 16,
    Lte = 32,

    /// <summary>The item has the field, or has not.</summary>
    Exists = 64,

    /// <summary>The item does not have the field, or has it; an empty set is one that the item does not have.</summary>
    IsEmpty = 128,

    /// <summary>The text has the value within, without regard to case and form.</summary>
    Match = 256,
}
