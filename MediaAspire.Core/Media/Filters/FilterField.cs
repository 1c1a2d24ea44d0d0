namespace MediaAspire.Core.Media.Filters;

/// <summary>A field that a filter can have a condition on.</summary>
/// <param name="Name">The name in the API.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Operators">The operators that it has.</param>
public sealed record FilterField(string Name, FieldType Type, FilterOperators Operators);

/// <summary>The types of fields.</summary>
public enum FieldType
{
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Number,

    Time,
    Flag,
    Id,
    Kind,
    Status,

    /// <summary>A set of texts.</summary>
    Set,

    /// <summary>An application's field: a text or a number.</summary>
    Custom,
}
