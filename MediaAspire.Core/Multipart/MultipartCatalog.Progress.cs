using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Multipart;

/// <content>The progress of uploads under way, of all buckets.</content>
public sealed partial class MultipartCatalog
{
    /// <summary>Finds an upload under way, of any bucket.</summary>
    public async Task<MultipartProgress?> FindProgressAsync(UploadId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ProgressOf("AND t.upload_id = $1"));
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadProgress(reader) : null;
    }

    /// <summary>Lists the uploads under way of all buckets, the newest first.</summary>
    /// <param name="owner">The owner of the objects whose uploads alone are listed; <see langword="null"/> for all.</param>
    /// <param name="after">The time and id of the upload after which the list begins; <see langword="null"/> for the beginning.</param>
    /// <param name="limit">The most uploads wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<MultipartProgress>> ListProgressAsync(
        string? owner, (DateTimeOffset InitiatedAt, Guid Id)? after, int limit, CancellationToken cancellationToken)
    {
        // The page first, so that the parts of its uploads alone are read.
        await using var command = database.CreateCommand(ProgressOf(
            $"""
            {(owner is null ? "" : "AND t.owner_id = $4")} AND ($1::timestamptz IS NULL OR (t.initiated_at, t.upload_id) < ($1, $2))
            ORDER BY t.initiated_at DESC, t.upload_id DESC LIMIT $3
            """));
        command.Parameters.Add(NullableParameter.Time(after?.InitiatedAt));
        command.Parameters.Add(new() { Value = (object?)after?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = limit });
        if (owner is not null)
        {
            command.Parameters.Add(new() { Value = owner });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var uploads = new List<MultipartProgress>();
        while (await reader.ReadAsync(cancellationToken))
        {
            uploads.Add(ReadProgress(reader));
        }

        return uploads;
    }

    private static string ProgressOf(string conditions) =>
        $"""
        SELECT {Columns}, b.name, p.bytes, p.without_gap, p.parts, coalesce(p.modified_at, u.initiated_at)
        FROM (SELECT t.* FROM multipart_uploads t WHERE t.completed_at IS NULL {conditions}) AS u
        JOIN buckets b ON b.bucket_id = u.bucket_id CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.size), 0)::bigint AS bytes, count(*)::integer AS parts, max(c.modified_at) AS modified_at,
                coalesce(sum(c.size) FILTER (WHERE c.part_number = c.place), 0)::bigint AS without_gap
            FROM (
                SELECT m.size, m.part_number, m.modified_at, row_number() OVER (ORDER BY m.part_number) AS place
                FROM multipart_parts m WHERE m.upload_id = u.upload_id) AS c) AS p
        ORDER BY u.initiated_at DESC, u.upload_id DESC
        """;

    private static MultipartProgress ReadProgress(NpgsqlDataReader reader) => new(
        Read(reader),
        reader.GetString(20),
        reader.GetInt64(21),
        reader.GetInt64(22),
        reader.GetInt32(23),
        reader.GetFieldValue<DateTimeOffset>(24));
}
