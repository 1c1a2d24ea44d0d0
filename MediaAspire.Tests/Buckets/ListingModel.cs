using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Tests.Buckets;

/// <summary>A bucket in memory, listed the slow and obvious way: every key, one after the other.</summary>
internal static class ListingModel
{
    // Little, so that keys, prefixes and delimiters meet; the code points around the hole of the surrogates and the last one among them.
    private static readonly string[] s_letters = ["a", "b", "/", "/", "%", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\U0010ffff"];

    public static Gen<string> Text(int least, int most) =>
        from length in Gen.Choose(least, most)
        from letters in Gen.Elements(s_letters).ArrayOf(length)
        select string.Concat(letters);

    public static int Compare(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    public static ListingPage<string> List(IEnumerable<string> keys, ListingQuery query)
    {
        var entries = new List<string>();
        var prefixes = new List<string>();
        ListingPosition? last = null;
        foreach (var key in keys.Order(Comparer<string>.Create(Compare)).Where(key => key.StartsWith(query.Prefix, StringComparison.Ordinal)))
        {
            if (query.After is { } after
                && (after.IsPrefix
                    ? key.StartsWith(after.Text, StringComparison.Ordinal) || Compare(key, after.Text) < 0
                    : Compare(key, after.Text) <= 0))
            {
                continue;
            }

            var place = query.Delimiter.Length == 0 ? -1 : key[query.Prefix.Length..].IndexOf(query.Delimiter, StringComparison.Ordinal);
            var common = place < 0 ? null : key[..(query.Prefix.Length + place + query.Delimiter.Length)];
            if (common is not null && prefixes.LastOrDefault() == common)
            {
                continue;
            }

            if (entries.Count + prefixes.Count == query.MaxItems)
            {
                return new(entries, prefixes, query.MaxItems == 0 ? null : last);
            }

            (common is null ? entries : prefixes).Add(common ?? key);
            last = new(common ?? key, common is not null);
        }

        return new(entries, prefixes, Next: null);
    }
}
