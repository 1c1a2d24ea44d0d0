using System.Collections.Immutable;

namespace MediaAspire.Core.Media;

/// <summary>The value of an application's field: a text or a number.</summary>
public readonly record struct CustomValue
{
    private CustomValue(string? text, double number)
    {
        Text = text;
        Number = number;
    }

    public static ImmutableSortedDictionary<string, CustomValue> None { get; } =
        ImmutableSortedDictionary.Create<string, CustomValue>(StringComparer.Ordinal);

    /// <summary>Gets the text; <see langword="null"/> for a number.</summary>
    public string? Text { get; }

    /// <summary>Gets the number; 0 for a text.</summary>
    public double Number { get; }

    public static CustomValue Of(string text) => new(text, 0);

    /// <param name="number">A finite number.</param>
    public static CustomValue Of(double number) => new(null, number);
}
