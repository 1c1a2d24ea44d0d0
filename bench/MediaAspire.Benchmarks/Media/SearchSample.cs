using System.Globalization;
using System.Text;
using Npgsql;

namespace MediaAspire.Benchmarks.Media;

/// <summary>Draws the values of filters from items of the catalog, so that frequent values are drawn more often.</summary>
internal sealed class SearchSample
{
    private readonly List<Item> _items = [];
    private readonly Random _random = new(14);

    public static async Task<SearchSample> ReadAsync(NpgsqlDataSource database)
    {
        var sample = new SearchSample();
        await using var command = database.CreateCommand(
            """
            SELECT m.media_id, m.owner, m.kind, m.name, m.alias, m.description, m.tags, m.categories, m.size, m.created_at
            FROM media m JOIN media_listing USING (media_id) ORDER BY md5(m.media_id::text) LIMIT 5000
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            sample._items.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetFieldValue<string[]>(6), reader.GetFieldValue<string[]>(7),
                reader.GetInt64(8), reader.GetDateTime(9)));
        }

        return sample;
    }

    /// <summary>Replaces each name in braces.</summary>
    public string Draw(string combination)
    {
        var text = new StringBuilder();
        for (var rest = combination; rest.Length > 0;)
        {
            var open = rest.IndexOf('{', StringComparison.Ordinal);
            if (open < 0)
            {
                text.Append(rest);
                break;
            }

            var close = rest.IndexOf('}', StringComparison.Ordinal);
            text.Append(rest, 0, open).Append(Uri.EscapeDataString(Value(rest[(open + 1)..close])));
            rest = rest[(close + 1)..];
        }

        return text.ToString();
    }

    private string Value(string name) => name switch
    {
        "id" => Any(_ => true).Id.ToString(),
        "owner" => Any(_ => true).Owner,
        "kind" => Any(_ => true).Kind,
        "name" => Any(_ => true).Name,
        "alias" => Any(item => item.Alias is not null).Alias!,
        "word" => Any(item => item.Description is not null).Description!.Split(' ')[0],
        "tag" or "othertag" => One(Any(item => item.Tags.Length > 0).Tags),
        "commontag" => string.Create(CultureInfo.InvariantCulture, $"tag-{1 + _random.Next(5)}"),
        "raretag" => string.Create(CultureInfo.InvariantCulture, $"tag-{1000 + _random.Next(4000)}"),
        "category" => One(Any(item => item.Categories.Length > 0).Categories),
        "size" => Any(_ => true).Size.ToString(CultureInfo.InvariantCulture),
        "time" => Any(_ => true).CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        "colour" => string.Create(CultureInfo.InvariantCulture, $"colour-{1 + _random.Next(50)}"),
        "rank" => _random.Next(1000).ToString(CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such value."),
    };

    private Item Any(Func<Item, bool> isWanted)
    {
        while (true)
        {
            if (_items[_random.Next(_items.Count)] is var item && isWanted(item))
            {
                return item;
            }
        }
    }

    private string One(string[] values) => values[_random.Next(values.Length)];

    private sealed record Item(
        Guid Id, string Owner, string Kind, string Name, string? Alias, string? Description, string[] Tags, string[] Categories, long Size,
        DateTime CreatedAt);
}
