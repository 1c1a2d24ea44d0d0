using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Media.Filters;

/// <summary>Fills the catalog with random items, some values of which are far more frequent than others.</summary>
internal sealed class RandomCatalog(Random random)
{
    // Capitals, umlauts, full-width letters, a ligature, characters of patterns, and a pair of surrogates.
    private static readonly string[] s_words =
    [
        "beach", "Beach", "STRASSE", "straße", "Äpfel", "ｗｉｄｅ", "ﬁlm", "100%", "a_b", "c\\d", "😀", "red", "green", "Σίσυφος",
        "x", "naïve",
    ];

    private static readonly DateTimeOffset s_first = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly string[] Colours = ["red", "green", "5", "7.5", "x\"y", "'; DROP TABLE media; --"];

    /// <summary>Creates items and returns them as they are stored.</summary>
    public async Task<List<MediaItem>> FillAsync(PostgresFixture postgres, int count)
    {
        var ids = new List<MediaId>();
        for (var done = 0; done < count; done += 500)
        {
            var items = Enumerable.Range(0, Math.Min(500, count - done)).Select(i => Create(ids, done + i)).ToList();
            await InsertAsync(postgres.Database, items);
            ids.AddRange(items.Select(item => item.Id));
        }

        await using var analyze = postgres.Database.CreateCommand("ANALYZE media, media_listing");
        await analyze.ExecuteNonQueryAsync();
        return await ReadAsync(postgres.Database);
    }

    /// <summary>Reads every item.</summary>
    public static async Task<List<MediaItem>> ReadAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            $"SELECT {MediaRows.Columns} FROM {MediaRows.Source} ORDER BY m.media_id, p.part_number");
        await using var reader = await command.ExecuteReaderAsync();
        return await MediaRows.ReadAsync(reader, CancellationToken.None);
    }

    /// <summary>Draws a number below a limit; small ones are far more frequent.</summary>
    public int Skewed(int limit) => (int)Math.Exp(random.NextDouble() * Math.Log(limit + 1)) - 1;

    public string Word() => s_words[Skewed(s_words.Length)];

    /// <summary>Draws a time of which several items have the same.</summary>
    public DateTimeOffset Time() => s_first.AddMinutes(random.Next(2000));

    private MediaItem Create(List<MediaId> others, int number)
    {
        var item = NewMedia.Of($"owner-{Skewed(40)}", $"{Word()} {Word()} {random.Next(50)}", random.Next(5) == 0 ? ["1", "22"] : ["333"]);
        var status = random.Next(20) switch
        {
            0 => MediaStatus.Pending,
            1 => MediaStatus.Uploaded,
            2 => MediaStatus.Processing,
            3 => MediaStatus.Failed,
            _ => MediaStatus.Ready,
        };
        var created = Time();
        var hasSize = random.Next(2) == 0;
        return item with
        {
            Kind = (MediaKind)Skewed(12),
            Status = status,
            IsPublic = random.Next(10) < 3,
            IsUnlisted = random.Next(30) == 0,
            IsTemporary = random.Next(15) == 0,
            IsDirectOnly = random.Next(8) == 0,
            IsImmutable = random.Next(10) == 0,
            Alias = random.Next(3) == 0
                ? new MediaAlias($"{(random.Next(2) == 0 ? "A" : "a")}lias-{number}-{item.Id.ToString()[^6..]}")
                : null,
            Description = random.Next(2) == 0 ? $"{Word()} {Word()}\n{Word()}" : null,
            Website = random.Next(5) == 0 ? $"https://{random.Next(9)}.example/{Word()}" : null,
            Tags = Terms("tag", 8, 60),
            Categories = Terms("Category ", 3, 10),
            Capabilities = Terms("can-", 2, 4),
            Custom = Custom(),
            Width = hasSize ? 100 * (1 + Skewed(20)) : null,
            Height = hasSize ? 100 * (1 + Skewed(20)) : null,
            Parent = others.Count > 0 && random.Next(20) == 0 ? others[random.Next(others.Count)] : null,
            References = others.Count > 0 && random.Next(20) == 0 ? [others[random.Next(others.Count)]] : [],
            Failure = status == MediaStatus.Failed ? new($"error-{Skewed(4)}", "It failed.", 1 + random.Next(3)) : null,
            CreatedAt = created,
            UpdatedAt = Time(),
            UploadedAt = status == MediaStatus.Pending ? null : created.AddMinutes(Skewed(100)),
            ReadyAt = status == MediaStatus.Ready ? created.AddMinutes(Skewed(200)) : null,
            ExpiresAt = random.Next(10) == 0 ? Time() : null,
            RemovedAt = random.Next(25) == 0 ? Time() : null,
        };
    }

    private ImmutableArray<string> Terms(string prefix, int most, int vocabulary) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => $"{prefix}{Skewed(vocabulary)}").Distinct()];

    private ImmutableSortedDictionary<string, CustomValue> Custom()
    {
        var fields = CustomValue.None;
        if (random.Next(3) == 0)
        {
            var rank = random.Next(4) == 0 ? CustomValue.Of($"{random.Next(10)}") : CustomValue.Of(random.Next(10) / 2.0);
            fields = fields.Add("c_rank", rank);
        }

        return random.Next(3) == 0 ? fields.Add("c_colour.x", CustomValue.Of(Colours[Skewed(Colours.Length)])) : fields;
    }

    private static async Task InsertAsync(NpgsqlDataSource database, List<MediaItem> items)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);

        // Both would set the time of the change.
        batch.BatchCommands.Add(new("ALTER TABLE media DISABLE TRIGGER media_keeps_version"));
        foreach (var item in items)
        {
            batch.BatchCommands.Add(MediaStatements.Insert(item));
            foreach (var part in item.Parts)
            {
                batch.BatchCommands.Add(MediaStatements.InsertObject(part));
                batch.BatchCommands.Add(MediaStatements.InsertPart(item.Id, part));
            }
        }

        batch.BatchCommands.Add(new(
            """
            UPDATE media SET created_at = t.created_at, updated_at = t.updated_at
            FROM unnest($1, $2, $3) AS t (media_id, created_at, updated_at) WHERE media.media_id = t.media_id
            """)
        {
            Parameters =
            {
                new() { Value = items.Select(item => item.Id.Value).ToArray() },
                new() { Value = items.Select(item => item.CreatedAt.ToUniversalTime()).ToArray() },
                new() { Value = items.Select(item => item.UpdatedAt.ToUniversalTime()).ToArray() },
            },
        });
        batch.BatchCommands.Add(new("ALTER TABLE media ENABLE TRIGGER media_keeps_version"));
        await batch.ExecuteNonQueryAsync();
    }
}
