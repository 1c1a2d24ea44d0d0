using System.Collections.Immutable;
using System.Text;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Tests.Media.Filters;

/// <summary>Evaluates filters by looking at every item.</summary>
internal sealed class FilterOracle
{
    private readonly ImmutableArray<Entry> _entries;

    public FilterOracle(IEnumerable<MediaItem> items) => _entries = [.. items.Select(item => new Entry(item))];

    /// <summary>Lists the items of a filter in its order.</summary>
    public List<MediaItem> List(MediaFilter filter)
    {
        var found = _entries.Where(entry => Matches(entry, filter)).ToList();
        found.Sort((a, b) => Compare(a, b, filter.Order));
        return found.ConvertAll(entry => entry.Item);
    }

    private static int Compare(Entry a, Entry b, MediaOrder order)
    {
        var byKey = order.Key switch
        {
            OrderKey.CreatedAt => a.Item.CreatedAt.CompareTo(b.Item.CreatedAt),
            OrderKey.UploadedAt => (a.Item.UploadedAt ?? a.Item.CreatedAt).CompareTo(b.Item.UploadedAt ?? b.Item.CreatedAt),
            OrderKey.UpdatedAt => a.Item.UpdatedAt.CompareTo(b.Item.UpdatedAt),
            OrderKey.Size => a.Item.Size.CompareTo(b.Item.Size),
            _ => CompareBytes(a.NameKey, b.NameKey),
        };
        var all = byKey != 0 ? byKey : a.Item.Id.Value.CompareTo(b.Item.Id.Value);
        return order.Descending ? -all : all;
    }

    private static bool Matches(Entry entry, MediaFilter filter)
    {
        var item = entry.Item;
        var wantsPending = filter.Conditions.Any(condition =>
            condition.Field == FilterFields.Status && condition.Operator == FilterOperators.Eq && condition.Value is MediaStatus.Pending);
        return item.RemovedAt is null && !item.IsUnlisted && item.IsTemporary == filter.IsTemporary
            && (item.Status != MediaStatus.Pending || wantsPending)
            && !filter.Without.Any(tag => item.Tags.Contains(tag))
            && (filter.Match is not { } match
                || match.Fields.Any(field => entry.Texts[field.Name].Contains(match.Text, StringComparison.Ordinal)))
            && filter.Conditions.All(condition => Holds(entry, condition));
    }

    private static bool Holds(Entry entry, FieldCondition condition)
    {
        var (item, value, one) = (entry.Item, condition.Value, condition.Operator);
        if (one == FilterOperators.Match)
        {
            return entry.Texts[condition.Field.Name].Contains((string)value, StringComparison.Ordinal);
        }

        switch (condition.Field.Name)
        {
            case "public":
                return (bool)value ? item is { IsPublic: true, IsDirectOnly: false } : !item.IsPublic;
            case "tags":
                return Has(item.Tags, one, value);
            case "categories":
                return Has(item.Categories, one, value);
            case "capabilities":
                return Has(item.Capabilities, one, value);
            case "references":
                return one == FilterOperators.Eq
                    ? item.References.Any(id => id.Value == (Guid)value)
                    : IsPresent(one, value) == !item.References.IsEmpty;
            case "name":
                return one is FilterOperators.Eq or FilterOperators.Ne
                    ? (entry.Name == (string)value) == (one == FilterOperators.Eq)
                    : Ordered(one, CompareBytes(entry.NameKey, Encoding.UTF8.GetBytes(MediaSearchText.NameKey((string)value))));
            case var name when name.StartsWith("c_", StringComparison.Ordinal):
                return HoldsCustom(item.Custom.TryGetValue(name, out var custom) ? custom : null, one, value);
        }

        object? actual = condition.Field.Name switch
        {
            "id" => item.Id.Value,
            "owner" => item.Owner.Value,
            "directOnly" => item.IsDirectOnly,
            "immutable" => item.IsImmutable,
            "kind" => item.Kind,
            "status" => item.Status,
            "alias" => item.Alias?.Value,
            "description" => item.Description,
            "website" => item.Website,
            "size" => item.Size,
            "width" => (long?)item.Width,
            "height" => (long?)item.Height,
            "parts" => (long)item.Parts.Length,
            "version" => item.Version,
            "createdAt" => item.CreatedAt,
            "updatedAt" => item.UpdatedAt,
            "uploadedAt" => item.UploadedAt,
            "readyAt" => item.ReadyAt,
            "expiresAt" => item.ExpiresAt,
            "parent" => item.Parent?.Value,
            "error" => item.Failure?.Code,
            _ => throw new InvalidOperationException($"The oracle does not know {condition.Field.Name}."),
        };
        return one switch
        {
            FilterOperators.Exists or FilterOperators.IsEmpty => IsPresent(one, value) == actual is not (null or ""),
            FilterOperators.Eq => value.Equals(actual),
            FilterOperators.Ne => !value.Equals(actual),
            _ => actual is not null && Ordered(one, ((IComparable)actual).CompareTo(value)),
        };
    }

    private static bool Has(ImmutableArray<string> actual, FilterOperators one, object value) => one == FilterOperators.Eq
        ? ((ImmutableArray<string>)value).All(actual.Contains)
        : IsPresent(one, value) == !actual.IsEmpty;

    private static bool HoldsCustom(CustomValue? actual, FilterOperators one, object value)
    {
        if (one is FilterOperators.Exists or FilterOperators.IsEmpty)
        {
            return IsPresent(one, value) == (actual is { } given && given.Text != "");
        }

        var operand = (CustomOperand)value;
        switch (one)
        {
            case FilterOperators.Eq or FilterOperators.Ne:
                var isEqual = actual is { } some
                    && (some.Text is { } text ? text == operand.Text : operand.Number is { } wanted && some.Number.Equals(wanted));
                return isEqual == (one == FilterOperators.Eq);
            case var _ when operand.Number is { } number:
                return actual is { Text: null } stored && Ordered(one, stored.Number.CompareTo(number));
            default:
                return actual is { Text: { } own }
                    && Ordered(one, CompareBytes(Encoding.UTF8.GetBytes(own), Encoding.UTF8.GetBytes(operand.Text!)));
        }
    }

    private static bool IsPresent(FilterOperators one, object value) => (one == FilterOperators.Exists) == (bool)value;

    private static bool Ordered(FilterOperators one, int compared) => one switch
    {
        FilterOperators.Gt => compared > 0,
        FilterOperators.Gte => compared >= 0,
        FilterOperators.Lt => compared < 0,
        FilterOperators.Lte => compared <= 0,
        _ => compared == 0,
    };

    private static int CompareBytes(byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b);

    private sealed class Entry
    {
        public Entry(MediaItem item)
        {
            Item = item;
            Name = MediaText.Normalize(item.Name);
            NameKey = Encoding.UTF8.GetBytes(MediaSearchText.NameKey(Name));
            Texts = new()
            {
                ["name"] = Name,
                ["description"] = Normalize(item.Description),
                ["website"] = Normalize(item.Website),
                ["owner"] = Normalize(item.Owner.Value),
                ["alias"] = Normalize(item.Alias?.Value),
            };
        }

        public MediaItem Item { get; }

        public string Name { get; }

        public byte[] NameKey { get; }

        public Dictionary<string, string> Texts { get; }

        private static string Normalize(string? text) => text is null ? "" : MediaText.Normalize(text);
    }
}
