using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Checks the names of resources and endpoints.</summary>
internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string target, [NotNull] string? name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        if (FindFault(name) is { } fault)
        {
            throw new ArgumentException($"{target} name '{name}' is invalid. {fault}", nameof(name));
        }
    }

    private static string? FindFault(string name)
    {
        if (name.Length > MaxLength)
        {
            return $"Name must be between 1 and {MaxLength} characters long.";
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return "Name must start with an ASCII letter.";
        }

        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return "Name must contain only ASCII letters, digits, and hyphens.";
        }

        if (name.EndsWith('-'))
        {
            return "Name cannot end with a hyphen.";
        }

        return name.Contains("--", StringComparison.Ordinal) ? "Name cannot contain consecutive hyphens." : null;
    }
}
