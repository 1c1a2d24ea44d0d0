using System.Collections.Immutable;
using System.Text.Json;
using MediaAspire.Core.Media;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Benchmarks.Media;

/// <summary>The signatures of items that <c>bench/media/fill.sql</c> made, which only the platform computes.</summary>
internal static class SignatureFill
{
    /// <summary>Computes them for all items. The connection string is <c>ConnectionStrings__media</c>.</summary>
    public static async Task<int> RunAsync()
    {
        await using var database = NpgsqlDataSource.Create(
            Environment.GetEnvironmentVariable("ConnectionStrings__media")
            ?? throw new InvalidOperationException("ConnectionStrings__media is not set."));
        await using var writer = await database.OpenConnectionAsync();
        await ExecuteAsync(
            writer,
            """
            CREATE TEMP TABLE signed (
                media_id uuid, terms_low bigint, terms_high bigint, name_text bigint, text_low bigint, text_high bigint)
            """);
        await using (var copy = await writer.BeginBinaryImportAsync("COPY signed FROM STDIN (FORMAT BINARY)"))
        {
            await CopyAsync(database, copy);
            await copy.CompleteAsync();
        }

        await ExecuteAsync(
            writer,
            """
            ANALYZE signed;
            SET statement_timeout = 0;
            ALTER TABLE media DISABLE TRIGGER USER;
            UPDATE media m SET terms_low = s.terms_low, terms_high = s.terms_high, name_text = s.name_text,
                text_low = s.text_low, text_high = s.text_high
            FROM signed s WHERE s.media_id = m.media_id;
            ALTER TABLE media ENABLE TRIGGER USER
            """);
        return 0;
    }

    private static async Task CopyAsync(NpgsqlDataSource database, NpgsqlBinaryImporter copy)
    {
        await using var read = database.CreateCommand("SELECT media_id, tags, categories, custom, normal_name, search_text FROM media");
        await using var reader = await read.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var signature = MediaSignature.Of(
                reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2), Custom(reader.GetString(3)), reader.GetString(4),
                reader.GetString(5));
            await copy.StartRowAsync();
            await copy.WriteAsync(reader.GetGuid(0), NpgsqlDbType.Uuid);
            await copy.WriteAsync(signature.TermsLow, NpgsqlDbType.Bigint);
            await copy.WriteAsync(signature.TermsHigh, NpgsqlDbType.Bigint);
            await copy.WriteAsync(signature.NameText, NpgsqlDbType.Bigint);
            await copy.WriteAsync(signature.TextLow, NpgsqlDbType.Bigint);
            await copy.WriteAsync(signature.TextHigh, NpgsqlDbType.Bigint);
        }
    }

    private static ImmutableSortedDictionary<string, CustomValue> Custom(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToImmutableSortedDictionary(
            field => field.Name,
            field => field.Value.ValueKind == JsonValueKind.Number
                ? CustomValue.Of(field.Value.GetDouble())
                : CustomValue.Of(field.Value.GetString()!));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
