using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Matches texts with wildcards: a star for any characters, a question mark for one.</summary>
internal static class PolicyPattern
{
    private const int StepsAtOnce = 4096;

    /// <summary>Matches in a time at most proportional to the product of both lengths.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <param name="budget">The budget that pays for every compared character; <see langword="null"/> where both are short.</param>
    /// <param name="ignoresCase">A value indicating whether case is ignored.</param>
    /// <exception cref="S3Exception">The budget is spent.</exception>
    public static bool Matches(string pattern, string text, PolicyBudget? budget, bool ignoresCase = false)
    {
        var (p, t, star, resume, steps) = (0, 0, -1, 0, 1);
        while (t < text.Length)
        {
            if (++steps == StepsAtOnce)
            {
                budget?.Spend(steps);
                steps = 0;
            }

            if (p < pattern.Length && pattern[p] == '*')
            {
                if (p == pattern.Length - 1)
                {
                    break;
                }

                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || AreEqual(pattern[p], text[t], ignoresCase)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // Only the last star is tried again: what an earlier one could match further right, the last one can as well.
                p = star + 1;
                t = ++resume;
            }
            else
            {
                budget?.Spend(steps);
                return false;
            }
        }

        budget?.Spend(steps);
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    public static bool HasWildcard(string text) => text.AsSpan().ContainsAny('*', '?');

    private static bool AreEqual(char a, char b, bool ignoresCase) =>
        a == b || (ignoresCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));
}
