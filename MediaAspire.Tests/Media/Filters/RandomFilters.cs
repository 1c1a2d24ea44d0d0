using System.Collections.Immutable;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Tests.Media.Filters;

/// <summary>Makes random filters; most of their values are those of items, so that something is found.</summary>
internal sealed class RandomFilters(Random random, IReadOnlyList<MediaItem> items, RandomCatalog catalog)
{
    private static readonly FilterField[] s_fields =
    [
        .. FilterFields.All, Custom("c_rank"), Custom("c_colour.x"), Custom("c_none"),

        // The usual ones more often.
        FilterFields.Owner, FilterFields.Owner, FilterFields.Public, FilterFields.Kind, FilterFields.Tags, FilterFields.Tags,
        FilterFields.Size,
    ];

    public MediaFilter Next()
    {
        // One item gives the values of most conditions, so that they hold together at times.
        var sample = Any();
        var conditions = new List<FieldCondition>();
        for (var count = catalog.Skewed(6); count > 0; count--)
        {
            var field = s_fields[random.Next(s_fields.Length)];
            var operators = Enum.GetValues<FilterOperators>()
                .Where(one => one != FilterOperators.None && field.Operators.HasFlag(one)).ToArray();
            var one = random.Next(2) == 0 && field.Operators.HasFlag(FilterOperators.Eq)
                ? FilterOperators.Eq
                : operators[random.Next(operators.Length)];
            if (!conditions.Exists(condition => condition.Field == field && condition.Operator == one)
                && Value(field, one, random.Next(4) == 0 ? Any() : sample) is { } value)
            {
                conditions.Add(new(field, one, value));
            }
        }

        return new()
        {
            Conditions = [.. conditions],
            Without = random.Next(5) == 0 ? [$"tag{catalog.Skewed(60)}"] : [],
            Match = random.Next(6) == 0
                ? new(Part(), [.. FilterFields.Matched.Where(_ => random.Next(2) == 0).DefaultIfEmpty(FilterFields.Name)])
                : null,
            IsTemporary = random.Next(20) == 0,
            Order = new((OrderKey)random.Next(Enum.GetValues<OrderKey>().Length), random.Next(2) == 0),
        };
    }

    private static FilterField Custom(string name) =>
        FilterFields.TryFind(name, out var field) ? field : throw new InvalidOperationException(name);

    private MediaItem Any() => items[random.Next(items.Count)];

    private string Part()
    {
        var word = MediaText.Normalize(catalog.Word());
        return random.Next(2) == 0 || word.Length < 3 || word.Any(char.IsSurrogate) ? word : word[..^random.Next(1, word.Length)];
    }

    private object? Value(FilterField field, FilterOperators one, MediaItem item)
    {
        if (one is FilterOperators.Exists or FilterOperators.IsEmpty)
        {
            return random.Next(2) == 0;
        }

        if (one == FilterOperators.Match)
        {
            return Part();
        }

        return field.Name switch
        {
            "id" => item.Id.Value,
            "owner" => item.Owner.Value,
            "public" or "directOnly" or "immutable" => random.Next(2) == 0,
            "kind" => item.Kind,
            "status" => item.Status,
            "name" => MediaText.Normalize(item.Name),
            "alias" => item.Alias?.Value,
            "size" => item.Size,
            "width" => (long?)item.Width,
            "height" => (long?)item.Height,
            "parts" => (long)item.Parts.Length,
            "version" => item.Version,
            "createdAt" or "updatedAt" or "uploadedAt" or "readyAt" or "expiresAt" => catalog.Time(),
            "parent" => item.Parent?.Value,
            "references" => item.References.IsEmpty ? null : item.References[0].Value,
            "error" => item.Failure?.Code,
            "tags" => (object?)Some(item.Tags),
            "categories" => Some(item.Categories),
            "capabilities" => Some(item.Capabilities),
            _ when random.Next(2) == 0 => Operand(RandomCatalog.Colours[catalog.Skewed(RandomCatalog.Colours.Length)]),
            _ => Operand($"{random.Next(10) / 2.0}"),
        };
    }

    // As the two forms of a filter make them: a number, a text, or a text of the query string that is also a number.
    private CustomOperand Operand(string text)
    {
        var isNumber = double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number);
        return (isNumber ? random.Next(3) : 0) switch { 0 => new(text, null), 1 => new(null, number), _ => new(text, number) };
    }

    private ImmutableArray<string>? Some(ImmutableArray<string> terms)
    {
        ImmutableArray<string> some = [.. terms.Take(1 + catalog.Skewed(3))];
        return some.IsEmpty ? null : some;
    }
}
