using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Images;

/// <summary>A name of an image in addresses, with the extension of its format.</summary>
/// <param name="Value">See <see cref="Rule"/>; compared byte by byte.</param>
public readonly partial record struct ImageAlias(string Value)
{
    /// <remarks>The dot keeps aliases apart from the words that routes have in their place, except <c>process.EXTENSION</c>.</remarks>
    public const string Rule = "3 to 100 letters, digits and the characters . _ -, with an extension, such as "
        + "b5f1a6c0-6f0f-4c8e-9d7a-2f1f6f0c1f11.jpg. The name 'process' is taken by a route";

    /// <summary>Makes an alias that nobody can guess.</summary>
    public static ImageAlias New(ImageFormat format) => new($"{RandomUuid.New():D}.{ImageFormats.ExtensionOf(format)}");

    /// <summary>Parses an alias that a client sent.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ImageAlias alias)
    {
        var isValid = text is not null && Expression().IsMatch(text);
        alias = isValid ? new ImageAlias(text!) : default;
        return isValid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A(?=.{3,100}\z)(?!process\.[A-Za-z0-9]+\z)[A-Za-z0-9_-][A-Za-z0-9._-]*\.[A-Za-z0-9]+\z")]
    private static partial Regex Expression();
}
