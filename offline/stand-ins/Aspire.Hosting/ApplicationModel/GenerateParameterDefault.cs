using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A default that is a random string.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Letters and digits that are easily mistaken for one another are left out.
    private const string LowerCase = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCase = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>Gets or sets the least length, in characters.</summary>
    /// <value>The default is 22, which holds 128 bits of randomness.</value>
    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">No kind of character is allowed.</exception>
    public override string GetDefaultValue()
    {
        var kinds = Kinds().Where(kind => kind.Allowed).ToArray();
        if (kinds.Length == 0)
        {
            throw new InvalidOperationException("A generated value needs at least one kind of character.");
        }

        var all = string.Concat(kinds.Select(kind => kind.Characters));
        var required = string.Concat(kinds.Select(kind => RandomNumberGenerator.GetString(kind.Characters, kind.Minimum)));
        var characters = (required + RandomNumberGenerator.GetString(all, Math.Max(0, MinLength - required.Length))).ToCharArray();
        RandomNumberGenerator.Shuffle(characters.AsSpan());
        return new(characters);
    }

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);

        foreach (var (name, characters, allowed, minimum) in Kinds())
        {
            if (!allowed)
            {
                context.Writer.WriteBoolean(name, false);
            }

            if (minimum > 0)
            {
                context.Writer.WriteNumber(string.Create(CultureInfo.InvariantCulture, $"min{char.ToUpperInvariant(name[0])}{name[1..]}"), minimum);
            }
        }

        context.Writer.WriteEndObject();
    }

    private (string Name, string Characters, bool Allowed, int Minimum)[] Kinds() =>
    [
        ("lower", LowerCase, Lower, MinLower),
        ("upper", UpperCase, Upper, MinUpper),
        ("numeric", Digits, Numeric, MinNumeric),
        ("special", SpecialCharacters, Special, MinSpecial),
    ];
}
