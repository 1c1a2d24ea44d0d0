namespace MediaAspire.Core.Images.Variants;

/// <summary>The reason why a request for a variant is refused.</summary>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Message">What is wrong, with the value, and what to do.</param>
/// <param name="Kind">The kind of error, which decides the status of the response.</param>
public sealed record VariantFault(string Code, string Message, VariantFaultKind Kind = VariantFaultKind.Invalid)
{
    internal static VariantFault Invalid(string name, string value, string rule) =>
        new("operation-invalid", $"\"{Shorten(value)}\" is not a value of '{Shorten(name)}'. Send {rule}.");

    internal static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

/// <summary>The kinds of errors of a request for a variant.</summary>
public enum VariantFaultKind
{
    /// <summary>The request is malformed.</summary>
    Invalid,

    /// <summary>The settings or the signature do not allow the request.</summary>
    Forbidden,

    /// <summary>The named picture does not exist.</summary>
    NotFound,

    /// <summary>The request is well-formed, and asks for something that cannot be made.</summary>
    Unprocessable,
}
