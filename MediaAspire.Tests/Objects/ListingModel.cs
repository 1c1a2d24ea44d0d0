using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Tests.Objects;

/// <summary>A model of a bucket in memory, which lists every key, one after the other.</summary>
internal static class ListingModel
{
    // Few, so that keys, prefixes and delimiters collide, with the code points around the surrogates and the last one.
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
        keys = keys.Where(key => key.StartsWith(query.Prefix, StringComparison.Ordinal));
        foreach (var key in keys.Order(Comparer<string>.Create(Compare)))
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

    /// <summary>Lists versions, the newest of a key first.</summary>
    /// <param name="rows">The versions, in the order in which they were put.</param>
    /// <param name="query">The query.</param>
    public static ListingPage<ListedRow> ListVersions(IReadOnlyList<ListedRow> rows, ListingQuery query)
    {
        var entries = new List<ListedRow>();
        var prefixes = new List<string>();
        ListingPosition? last = null;
        var keys = rows.Select(row => row.Key).Distinct().Order(Comparer<string>.Create(Compare));
        foreach (var row in keys.SelectMany(key => Behind(rows.Where(row => row.Key == key).Reverse().ToList(), query.After)))
        {
            if (!row.Key.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var common = query.CommonPrefixOf(row.Key);
            if (common is not null && prefixes.LastOrDefault() == common)
            {
                continue;
            }

            if (entries.Count + prefixes.Count == query.MaxItems)
            {
                return new(entries, prefixes, query.MaxItems == 0 ? null : last);
            }

            if (common is null)
            {
                entries.Add(row);
                last = row.Position;
            }
            else
            {
                prefixes.Add(common);
                last = new(common, IsPrefix: true);
            }
        }

        return new(entries, prefixes, Next: null);
    }

    /// <summary>
    /// Selects the versions of one key after a position; all of them if the position is a version that the key does not have.
    /// </summary>
    private static List<ListedRow> Behind(List<ListedRow> versions, ListingPosition? after)
    {
        var key = versions[0].Key;
        if (after is null
            || (Compare(key, after.Text) > 0 && !(after.IsPrefix && key.StartsWith(after.Text, StringComparison.Ordinal))))
        {
            return versions;
        }

        return !after.IsPrefix && key == after.Text && (after.Version is not null || after.IsNullVersion)
            ? versions[(versions.FindIndex(row => row.Position == after) + 1)..]
            : [];
    }
}

/// <summary>A version of a key, as listings return it.</summary>
internal sealed record ListedRow(string Key, VersionId Id, bool IsNull, bool IsMarker, bool IsLatest)
{
    /// <summary>Gets the position after the version.</summary>
    public ListingPosition Position => new(Key, IsPrefix: false) { Version = IsNull ? null : Id, IsNullVersion = IsNull };
}
