using System.Text;

namespace MediaAspire.Core.Lifecycle;

/// <summary>The keys with a common prefix, in the order of their UTF-8 bytes.</summary>
/// <param name="Prefix">The prefix; empty for all keys.</param>
/// <param name="End">The first key after them; <see langword="null"/> when the range is open.</param>
public sealed record KeyRange(string Prefix, string? End)
{
    public static KeyRange Of(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // The next key after all with a prefix is the prefix with its last character counted up; the last one of all can't be.
        var runes = prefix.EnumerateRunes().ToList();
        for (var last = runes.Count - 1; last >= 0; last--)
        {
            if (runes[last].Value < 0x10FFFF)
            {
                var next = runes[last].Value == 0xD7FF ? new Rune(0xE000) : new Rune(runes[last].Value + 1);
                return new(prefix, string.Concat(runes.Take(last).Append(next)));
            }
        }

        return new(prefix, null);
    }

    /// <summary>Computes ranges that cover the keys of all these prefixes, each once.</summary>
    public static IReadOnlyList<KeyRange> Cover(IEnumerable<string> prefixes)
    {
        // Sorted, a prefix comes before the longer ones that begin with it.
        var kept = new List<string>();
        foreach (var prefix in prefixes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (kept.Count == 0 || !prefix.StartsWith(kept[^1], StringComparison.Ordinal))
            {
                kept.Add(prefix);
            }
        }

        return [.. kept.Select(Of)];
    }
}
