using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MediaAspire.Core.Media;

/// <summary>The Unicode normalization form KC, by Unicode Standard Annex 15.</summary>
/// <remarks>
/// The processes run with the invariant globalization mode, in which <see cref="string.Normalize()"/> returns every text as it is. Tables
/// of our own also give the same form on every machine, and stored forms have to agree. A character that Unicode 14 does not know stays.
/// </remarks>
internal static class UnicodeNormalization
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;

    private static readonly Lazy<Tables> s_tables = new(Tables.Load);

    /// <summary>Normalizes a text without lone surrogates.</summary>
    public static string ToFormKC(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var tables = s_tables.Value;
        var points = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, tables, points);
        }

        Reorder(points, tables);
        Compose(points, tables);

        var result = new StringBuilder(points.Count + 8);
        foreach (var point in points)
        {
            result.Append(new Rune(point).ToString());
        }

        return result.ToString();
    }

    private static void Decompose(int point, Tables tables, List<int> points)
    {
        if (point - HangulBase is >= 0 and < LeadCount * VowelCount * TailCount and var syllable)
        {
            points.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            points.Add(VowelBase + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount is > 0 and var tail)
            {
                points.Add(TailBase + tail);
            }
        }
        else if (tables.Decompositions.TryGetValue(point, out var decomposition))
        {
            points.AddRange(decomposition);
        }
        else
        {
            points.Add(point);
        }
    }

    // The canonical ordering: a stable sort of each sequence of characters that combine. Such sequences are short, or hostile and bounded
    // by the length of the text.
    private static void Reorder(List<int> points, Tables tables)
    {
        for (var start = 0; start < points.Count; start++)
        {
            var end = start;
            while (end < points.Count && tables.ClassOf(points[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var sorted = points[start..end].OrderBy(tables.ClassOf).ToList();
                for (var i = 0; i < sorted.Count; i++)
                {
                    points[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    private static void Compose(List<int> points, Tables tables)
    {
        var (starter, length, lastClass) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var combiningClass = tables.ClassOf(point);

            // "Blocked" (D115): a character between has the same or a higher class, or is a starter.
            var isBlocked = starter >= 0 && starter != length - 1 && (lastClass == 0 || lastClass >= combiningClass);
            if (starter >= 0 && !isBlocked && Composed(points[starter], point, tables) is { } composed)
            {
                points[starter] = composed;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = length;
            }

            lastClass = combiningClass;
            points[length++] = point;
        }

        points.RemoveRange(length, points.Count - length);
    }

    private static int? Composed(int first, int second, Tables tables)
    {
        if (first - LeadBase is >= 0 and < LeadCount and var lead && second - VowelBase is >= 0 and < VowelCount and var vowel)
        {
            return HangulBase + (((lead * VowelCount) + vowel) * TailCount);
        }

        if (first - HangulBase is >= 0 and < LeadCount * VowelCount * TailCount and var syllable && syllable % TailCount == 0
            && second - TailBase is > 0 and < TailCount and var tail)
        {
            return first + tail;
        }

        return tables.Pairs.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private sealed record Tables(
        FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<int, int> Classes, FrozenDictionary<(int, int), int> Pairs)
    {
        public int ClassOf(int point) => Classes.GetValueOrDefault(point);

        public static Tables Load()
        {
            var decompositions = new Dictionary<int, int[]>();
            var classes = new Dictionary<int, int>();
            var pairs = new Dictionary<(int, int), int>();
            using var reader = new StreamReader(
                typeof(Tables).Assembly.GetManifestResourceStream($"{typeof(Tables).Namespace}.{nameof(UnicodeNormalization)}.txt")!);
            while (reader.ReadLine() is { } line)
            {
                // A line is such as "P 00C4 0041 0308"; comments begin with #.
                var fields = line.Split(' ');
                switch (fields[0])
                {
                    case "D":
                        decompositions.Add(Hex(fields[1]), [.. fields[2..].Select(Hex)]);
                        break;
                    case "C":
                        classes.Add(Hex(fields[1]), int.Parse(fields[2], CultureInfo.InvariantCulture));
                        break;
                    case "P":
                        pairs.Add((Hex(fields[2]), Hex(fields[3])), Hex(fields[1]));
                        break;
                }
            }

            return new(decompositions.ToFrozenDictionary(), classes.ToFrozenDictionary(), pairs.ToFrozenDictionary());
        }

        private static int Hex(string code) => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
