using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The statements that write items.</summary>
internal static class MediaStatements
{
    /// <summary>The columns of <see cref="AddState"/>, from <c>$2</c> on.</summary>
    private const string State =
        """
        status, width, height, details, deferred, error_code, error, error_count, uploaded_at, ready_at, expires_at, removed_at,
        has_public_objects, attempt_id, attempt_job, attempt_until
        """;

    private const string StateValues = "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17";

    /// <summary>The columns of <see cref="AddContent"/>, from <c>$18</c> on.</summary>
    private const string Content =
        """
        is_public, is_unlisted, is_temporary, is_direct_only, is_immutable, name, normal_name, alias, description, website,
        tags, categories, capabilities, custom, player, size, part_count, parent_id, referenced, search_text,
        terms_low, terms_high, name_text, text_low, text_high
        """;

    private const string ContentValues =
        """
        $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42
        """;

    private const string UpdateState = $"UPDATE media SET ({State}) = ROW ({StateValues}) WHERE media_id = $1";

    private const string UpdateAll =
        $"UPDATE media SET ({State}, {Content}) = ROW ({StateValues}, {ContentValues}) WHERE media_id = $1";

    /// <summary>
    /// What the statements that write an item return: what the database sets, and JSON in the form in which it is stored.
    /// </summary>
    private const string Returned = "version, created_at, updated_at, player, details, deferred";

    /// <summary>Selects these from an update; fails when it found no row, so that the statements sent with this one are undone.</summary>
    private const string Required =
        $"""
        SELECT {Returned}, require_met(version IS NOT NULL, '{UnchangedVersion}')
        FROM (VALUES (true)) AS one (found) LEFT JOIN changed ON true
        """;

    private const string UpdateUnchangedState = $"WITH changed AS ({UpdateState} AND version = $18 RETURNING {Returned}) {Required}";

    private const string UpdateAllUnchanged = $"WITH changed AS ({UpdateAll} AND version = $43 RETURNING {Returned}) {Required}";

    /// <summary>The reason for which <see cref="UpdateUnchanged"/> fails.</summary>
    public const string UnchangedVersion = "media-version";

    /// <summary>Inserts an item without its parts, and returns its version, its times and its JSON.</summary>
    public static NpgsqlBatchCommand Insert(MediaItem item)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO media (media_id, {State}, {Content}, owner, kind) VALUES ($1, {StateValues}, {ContentValues}, $43, $44)
            RETURNING {Returned}
            """);
        AddState(command.Parameters, item);
        AddContent(command.Parameters, item);
        command.Parameters.Add(new() { Value = item.Owner.Value });
        command.Parameters.Add(new() { Value = MediaKinds.NameOf(item.Kind) });
        return command;
    }

    /// <summary>Updates a locked item without its parts, and returns its version, its times and its JSON.</summary>
    public static NpgsqlBatchCommand Update(MediaItem before, MediaItem after) =>
        Update(before, after, $"{UpdateState} RETURNING {Returned}", $"{UpdateAll} RETURNING {Returned}");

    /// <summary>As <see cref="Update(MediaItem, MediaItem)"/>, if the item has the version from before; fails otherwise.</summary>
    public static NpgsqlBatchCommand UpdateUnchanged(MediaItem before, MediaItem after)
    {
        var command = Update(before, after, UpdateUnchangedState, UpdateAllUnchanged);
        command.Parameters.Add(new() { Value = before.Version });
        return command;
    }

    /// <summary>Deletes items and their parts.</summary>
    public static NpgsqlBatchCommand Delete(IEnumerable<MediaId> ids) => new("DELETE FROM media WHERE media_id = ANY ($1)")
    {
        Parameters = { new() { Value = ids.Select(id => id.Value).ToArray() } },
    };

    /// <summary>Inserts the object of a part, unless a clone's original has it.</summary>
    public static NpgsqlBatchCommand InsertObject(MediaPart part)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO media_objects (object_key, state, etag, multipart_id, upload_until, stored_at, content_type, size, sha256)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (object_key) DO NOTHING
            """);
        AddObject(command.Parameters, part);
        command.Parameters.Add(new() { Value = part.ContentType });
        command.Parameters.Add(new() { Value = part.Size });
        command.Parameters.Add(new() { Value = part.Sha256.Bytes.ToArray() });
        return command;
    }

    public static NpgsqlBatchCommand InsertPart(MediaId id, MediaPart part) =>
        new("INSERT INTO media_parts (media_id, part_number, type, object_key) VALUES ($1, $2, $3, $4)")
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = part.Number }, new() { Value = part.Type }, new() { Value = part.ObjectKey },
            },
        };

    public static NpgsqlBatchCommand UpdateObject(MediaPart part)
    {
        var command = new NpgsqlBatchCommand(
            """
            UPDATE media_objects SET state = $2, etag = $3, multipart_id = $4, upload_until = $5, stored_at = $6 WHERE object_key = $1
            """);
        AddObject(command.Parameters, part);
        return command;
    }

    /// <summary>Gives a part another object; the one before is scheduled for deletion.</summary>
    public static NpgsqlBatchCommand SwitchObject(MediaId id, MediaPart part) =>
        new("UPDATE media_parts SET object_key = $3 WHERE media_id = $1 AND part_number = $2")
        {
            Parameters = { new() { Value = id.Value }, new() { Value = part.Number }, new() { Value = part.ObjectKey } },
        };

    private static void AddObject(NpgsqlParameterCollection parameters, MediaPart part)
    {
        parameters.Add(new() { Value = part.ObjectKey });
        parameters.Add(new() { Value = MediaPartStates.NameOf(part.State) });
        parameters.Add(NullableParameter.Text(part.ETag));
        parameters.Add(NullableParameter.Text(part.MultipartId));
        parameters.Add(NullableParameter.Time(part.UploadUntil));
        parameters.Add(NullableParameter.Time(part.StoredAt));
    }

    // Most changes are steps of processing. They leave alone what takes the longest to compute and to send.
    private static NpgsqlBatchCommand Update(MediaItem before, MediaItem after, string updateState, string updateAll)
    {
        var isContentKept = HasContentOf(before, after);
        var command = new NpgsqlBatchCommand(isContentKept ? updateState : updateAll);
        AddState(command.Parameters, after);
        if (!isContentKept)
        {
            AddContent(command.Parameters, after);
        }

        return command;
    }

    // Lists are equal when they are the same, so that an equal copy is written once more than needed.
    private static bool HasContentOf(MediaItem before, MediaItem after) =>
        before.Size == after.Size && before.Parts.Length == after.Parts.Length
        && before == after with
        {
            Status = before.Status,
            Width = before.Width,
            Height = before.Height,
            Details = before.Details,
            Deferred = before.Deferred,
            Failure = before.Failure,
            UploadedAt = before.UploadedAt,
            ReadyAt = before.ReadyAt,
            ExpiresAt = before.ExpiresAt,
            RemovedAt = before.RemovedAt,
            HasPublicObjects = before.HasPublicObjects,
            Attempt = before.Attempt,
            Parts = before.Parts,
        };

    private static void AddState(NpgsqlParameterCollection parameters, MediaItem item)
    {
        parameters.Add(new() { Value = item.Id.Value });
        parameters.Add(new() { Value = (short)item.Status });
        parameters.Add(Nullable(item.Width, NpgsqlDbType.Integer));
        parameters.Add(Nullable(item.Height, NpgsqlDbType.Integer));
        parameters.Add(Json(item.Details));
        parameters.Add(Json(item.Deferred));
        parameters.Add(NullableParameter.Text(item.Failure?.Code));
        parameters.Add(NullableParameter.Text(item.Failure?.Message));
        parameters.Add(new() { Value = item.Failure?.Count ?? 0 });
        parameters.Add(NullableParameter.Time(item.UploadedAt));
        parameters.Add(NullableParameter.Time(item.ReadyAt));
        parameters.Add(NullableParameter.Time(item.ExpiresAt));
        parameters.Add(NullableParameter.Time(item.RemovedAt));
        parameters.Add(new() { Value = item.HasPublicObjects });
        parameters.Add(Nullable(item.Attempt?.Id, NpgsqlDbType.Uuid));
        parameters.Add(Nullable(item.Attempt?.Job.Value, NpgsqlDbType.Uuid));
        parameters.Add(NullableParameter.Time(item.Attempt?.Until));
    }

    private static void AddContent(NpgsqlParameterCollection parameters, MediaItem item)
    {
        parameters.Add(new() { Value = item.IsPublic });
        parameters.Add(new() { Value = item.IsUnlisted });
        parameters.Add(new() { Value = item.IsTemporary });
        parameters.Add(new() { Value = item.IsDirectOnly });
        parameters.Add(new() { Value = item.IsImmutable });
        parameters.Add(new() { Value = item.Name });
        parameters.Add(new() { Value = MediaText.Normalize(item.Name) });
        parameters.Add(NullableParameter.Text(item.Alias?.Value));
        parameters.Add(NullableParameter.Text(item.Description));
        parameters.Add(NullableParameter.Text(item.Website));
        parameters.Add(new() { Value = item.Tags.ToArray() });
        parameters.Add(new() { Value = item.Categories.ToArray() });
        parameters.Add(new() { Value = item.Capabilities.ToArray() });
        parameters.Add(Json(CustomJson.Format(item.Custom)));
        parameters.Add(Json(item.Player));
        parameters.Add(new() { Value = item.Size });
        parameters.Add(new() { Value = item.Parts.Length });
        parameters.Add(Nullable(item.Parent?.Value, NpgsqlDbType.Uuid));
        parameters.Add(new() { Value = item.References.Select(id => id.Value).ToArray() });
        parameters.Add(new() { Value = MediaSearchText.Of(item) });
        var signature = MediaSignature.Of(item);
        parameters.Add(new() { Value = signature.TermsLow });
        parameters.Add(new() { Value = signature.TermsHigh });
        parameters.Add(new() { Value = signature.NameText });
        parameters.Add(new() { Value = signature.TextLow });
        parameters.Add(new() { Value = signature.TextHigh });
    }

    private static NpgsqlParameter Json(string? json) => new() { Value = (object?)json ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter Nullable<T>(T? value, NpgsqlDbType type)
        where T : struct => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = type };
}
