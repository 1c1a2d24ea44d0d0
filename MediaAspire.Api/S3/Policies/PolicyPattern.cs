namespace MediaAspire.Api.S3.Policies;

/// <summary>Matches texts with wildcards: a star for any characters, a question mark for one.</summary>
internal static class PolicyPattern
{
    /// <summary>Matches in a time at most proportional to the product of both lengths.</summary>
    public static bool Matches(string pattern, string text, bool ignoresCase = false)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || AreEqual(pattern[p], text[t], ignoresCase)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    public static bool HasWildcard(string text) => text.AsSpan().ContainsAny('*', '?');

    private static bool AreEqual(char a, char b, bool ignoresCase) =>
        a == b || (ignoresCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));
}
