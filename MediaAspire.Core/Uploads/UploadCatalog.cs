using MediaAspire.Core.Checksums;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>The rows of resumable uploads and their pieces.</summary>
/// <remarks>Every method is one round trip and one transaction. A change of an upload locks its row.</remarks>
internal sealed class UploadCatalog(NpgsqlDataSource database, IOptionsMonitor<UploadSessionOptions> options)
{
    /// <summary>Records an upload.</summary>
    /// <exception cref="QuotaExceededException">The length does not fit into a quota.</exception>
    public async Task CreateAsync(UploadSessionId id, NewUploadSession upload, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT create_upload($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(NullableParameter.Text(upload.Owner?.Value));
        command.Parameters.Add(new() { Value = upload.Initiator });
        command.Parameters.Add(new() { Value = upload.IsPartial });
        command.Parameters.Add(UploadRows.Json(upload.Target, UploadJson.Default.UploadTarget));
        command.Parameters.Add(UploadRows.Json(upload.Metadata, UploadJson.Default.IReadOnlyDictionaryStringString));
        command.Parameters.Add(UploadRows.Long(upload.Length));
        command.Parameters.Add(new() { Value = upload.MaxLength ?? options.CurrentValue.MaxLength });
        command.Parameters.Add(UploadRows.Bytes(upload.Sha256));
        command.Parameters.Add(UploadRows.Uuid((upload.Target as ObjectTarget)?.Bucket.Value));
        command.Parameters.Add(new() { Value = Counts(upload.Target) });
        command.Parameters.Add(new() { Value = options.CurrentValue.Lifetime });
        command.Parameters.Add(UploadRows.Long(upload.PartSize));
        await ExecuteAsync(command, cancellationToken);
    }

    /// <summary>Finds an upload that has not expired.</summary>
    public async Task<UploadSession?> FindAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {UploadRows.Columns} FROM uploads u WHERE u.upload_id = $1 AND (u.state = 'completing' OR u.expires_at > now())");
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? UploadRows.Read(reader) : null;
    }

    /// <summary>Lists the uploads under way, the newest first.</summary>
    public async Task<IReadOnlyList<UploadSession>> ListAsync(
        OwnerId? owner, UploadCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {UploadRows.Columns} FROM uploads u
            WHERE u.state IN ('receiving', 'completing') AND (u.state = 'completing' OR u.expires_at > now())
              {(owner is null ? "" : "AND u.owner = $4")}
              AND ($1::timestamptz IS NULL OR (u.created_at, u.upload_id) < ($1, $2))
            ORDER BY u.created_at DESC, u.upload_id DESC LIMIT $3
            """);
        command.Parameters.Add(NullableParameter.Time(after?.CreatedAt));
        command.Parameters.Add(UploadRows.Uuid(after?.Id.Value));
        command.Parameters.Add(new() { Value = limit });
        if (owner is { } only)
        {
            command.Parameters.Add(new() { Value = only.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var uploads = new List<UploadSession>();
        while (await reader.ReadAsync(cancellationToken))
        {
            uploads.Add(UploadRows.Read(reader));
        }

        return uploads;
    }

    /// <summary>Asks for the right to append, see <c>begin_append()</c>.</summary>
    public async Task<AppendGrant> BeginAppendAsync(
        UploadSessionId id, long offset, long? added, bool force, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT outcome, granted_term FROM begin_append($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = offset }, UploadRows.Long(added), new() { Value = force },
                new() { Value = options.CurrentValue.MaxPieces },
            },
        });
        batch.BatchCommands.Add(new($"SELECT {UploadRows.Columns} FROM uploads u WHERE u.upload_id = $1")
        {
            Parameters = { new() { Value = id.Value } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = reader.GetString(0);
        var term = reader.IsDBNull(1) ? 0 : reader.GetInt64(1);
        await reader.NextResultAsync(cancellationToken);
        var session = outcome != "not-found" && await reader.ReadAsync(cancellationToken) ? UploadRows.Read(reader) : null;
        return new(outcome, term, session);
    }

    /// <summary>Makes the condition by which a file becomes the next piece, see <c>append_piece()</c>.</summary>
    public static CommitCondition AppendPiece(UploadSession upload, NewPiece piece) => new(
        new NpgsqlBatchCommand("SELECT append_piece($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        {
            Parameters =
            {
                new() { Value = upload.Id.Value }, new() { Value = piece.Term }, new() { Value = piece.Offset },
                new() { Value = piece.File.Value }, new() { Value = piece.Size }, NullableParameter.Text(piece.ETag),
                NullableParameter.Text(piece.Checksum), new() { Value = piece.EndsAppend }, new() { Value = piece.EndsUpload },
                new() { Value = piece.StaysOpen }, new() { Value = Counts(upload.Target) },
            },
        });

    /// <summary>Makes the condition by which a file becomes a part, see <c>put_upload_part()</c>.</summary>
    public static CommitCondition PutPart(UploadSessionId id, int number, FileId file, long size, string? etag, string? checksum) => new(
        new NpgsqlBatchCommand("SELECT put_upload_part($1, $2, $3, $4, $5, $6)")
        {
            Parameters =
            {
                new() { Value = id.Value }, new() { Value = number }, new() { Value = file.Value }, new() { Value = size },
                NullableParameter.Text(etag), NullableParameter.Text(checksum),
            },
        });

    /// <summary>Lists the numbers of the stored parts of an upload in parts.</summary>
    public async Task<IReadOnlyList<int>> ListPartsAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        await CallAsync<int[]>(
            "SELECT coalesce(array_agg(piece_number + 1 ORDER BY piece_number), '{}') FROM upload_pieces WHERE upload_id = $1",
            cancellationToken,
            new NpgsqlParameter { Value = id.Value }) ?? [];

    /// <summary>Makes an upload of S3 one that takes bytes at its offset, see <c>continue_in_order()</c>.</summary>
    public async Task<bool> ContinueInOrderAsync(UploadSession upload, CancellationToken cancellationToken) =>
        await CallAsync<bool>(
            "SELECT continue_in_order($1, $2, $3, $4, $5)",
            cancellationToken,
            new() { Value = upload.Id.Value },
            UploadRows.Json(upload.Target, UploadJson.Default.UploadTarget),
            UploadRows.Json(upload.Metadata, UploadJson.Default.IReadOnlyDictionaryStringString),
            new() { Value = options.CurrentValue.MaxLength },
            new() { Value = options.CurrentValue.Lifetime });

    /// <summary>Aborts the uploads of S3 to which no part has come for a time.</summary>
    public async Task<long> ExpireMultipartAsync(TimeSpan idle, int limit, CancellationToken cancellationToken) =>
        await CallAsync<int>(
            "SELECT expire_multipart_uploads($1, $2)", cancellationToken, new() { Value = idle }, new() { Value = limit });

    public Task EndAppendAsync(UploadSessionId id, long term, CancellationToken cancellationToken) =>
        CallAsync<object>("SELECT end_append($1, $2)", cancellationToken, new() { Value = id.Value }, new() { Value = term });

    /// <summary>Tells whether nobody holds an upload any more, see <c>settle_upload()</c>.</summary>
    public async Task<bool> SettleAsync(UploadSessionId id, bool force, CancellationToken cancellationToken) =>
        await CallAsync<bool>(
            "SELECT settle_upload($1, $2)", cancellationToken, new() { Value = id.Value }, new() { Value = force });

    public async Task<string> SetLengthAsync(UploadSession upload, long length, CancellationToken cancellationToken) =>
        (await CallAsync<string>(
            "SELECT set_upload_length($1, $2, $3)",
            cancellationToken,
            new() { Value = upload.Id.Value },
            new() { Value = length },
            new() { Value = Counts(upload.Target) }))!;

    public async Task<string> BeginCompletionAsync(UploadSessionId id, Sha256Digest? sha256, CancellationToken cancellationToken) =>
        (await CallAsync<string>(
            "SELECT begin_completion($1, $2)", cancellationToken, new() { Value = id.Value }, UploadRows.Bytes(sha256)))!;

    public async Task<string> CancelAsync(UploadSessionId id, CancellationToken cancellationToken) =>
        (await CallAsync<string>("SELECT cancel_upload($1)", cancellationToken, new NpgsqlParameter { Value = id.Value }))!;

    public async Task<bool> FailAsync(UploadSessionId id, UploadFailure failure, CancellationToken cancellationToken) =>
        await CallAsync<bool>(
            "SELECT fail_upload($1, $2, $3, $4)",
            cancellationToken,
            new() { Value = id.Value },
            new() { Value = failure.Code },
            new() { Value = failure.Message },
            new() { Value = options.CurrentValue.FinishedKeptFor });

    /// <summary>Records a concatenation, see <c>concatenate_uploads()</c>.</summary>
    public async Task<(ConcatenationOutcome Outcome, UploadSessionId Id)> ConcatenateAsync(
        UploadSessionId id, NewUploadSession upload, IReadOnlyList<UploadSessionId> parts, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT outcome, made FROM concatenate_uploads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(NullableParameter.Text(upload.Owner?.Value));
        command.Parameters.Add(new() { Value = upload.Initiator });
        command.Parameters.Add(UploadRows.Json(upload.Target, UploadJson.Default.UploadTarget));
        command.Parameters.Add(UploadRows.Json(upload.Metadata, UploadJson.Default.IReadOnlyDictionaryStringString));
        command.Parameters.Add(new() { Value = upload.MaxLength ?? options.CurrentValue.MaxLength });
        command.Parameters.Add(UploadRows.Bytes(upload.Sha256));
        command.Parameters.Add(UploadRows.Uuid((upload.Target as ObjectTarget)?.Bucket.Value));
        command.Parameters.Add(new() { Value = options.CurrentValue.Lifetime });
        command.Parameters.Add(new() { Value = parts.Select(part => part.Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outcome = reader.GetString(0) switch
        {
            "created" => ConcatenationOutcome.Created,
            "found" => ConcatenationOutcome.Found,
            "not-found" => ConcatenationOutcome.PartNotFound,
            "incomplete" => ConcatenationOutcome.PartIncomplete,
            "taken" => ConcatenationOutcome.PartTaken,
            "too-large" => ConcatenationOutcome.TooLarge,
            var other => throw new System.Diagnostics.UnreachableException($"Unknown outcome '{other}' of a concatenation."),
        };
        return (outcome, new(reader.GetGuid(1)));
    }

    public async Task<long> ExpireAsync(int limit, CancellationToken cancellationToken) =>
        await CallAsync<int>("SELECT expire_uploads($1)", cancellationToken, new NpgsqlParameter { Value = limit });

    /// <summary>Lists uploads whose completion may be lost, and those that have all bytes without being completed.</summary>
    public async Task<IReadOnlyList<UploadSessionId>> ListStalledAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT upload_id FROM uploads
            WHERE (state = 'completing' OR (state = 'receiving' AND received = length AND NOT is_held AND part_size IS NULL))
              AND modified_at < now() - $1
            ORDER BY modified_at LIMIT $2
            """);
        command.Parameters.Add(new() { Value = options.CurrentValue.CompletionLostAfter });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stalled = new List<UploadSessionId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            stalled.Add(new(reader.GetGuid(0)));
        }

        return stalled;
    }

    /// <summary>Reads the pieces of an upload in their order.</summary>
    public async Task<IReadOnlyList<UploadPiece>> ReadPiecesAsync(UploadSessionId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT file_id, piece_offset, size, etag, checksum FROM upload_pieces WHERE upload_id = $1 ORDER BY piece_number");
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pieces = new List<UploadPiece>();
        while (await reader.ReadAsync(cancellationToken))
        {
            pieces.Add(new(
                new FileId(reader.GetGuid(0)),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        return pieces;
    }

    /// <summary>Determines whether the bytes count to a quota: a media item has counted its declared parts already.</summary>
    private static bool Counts(UploadTarget target) => target is not MediaPartTarget;

    private async Task<T?> CallAsync<T>(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await ExecuteAsync(command, cancellationToken) is T value ? value : default;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
    }
}

/// <summary>The answer to a request for the right to append.</summary>
/// <param name="Outcome">The outcome of <c>begin_append()</c>.</param>
/// <param name="Term">The term of the right.</param>
/// <param name="Session">The upload; <see langword="null"/> when it was not found.</param>
internal sealed record AppendGrant(string Outcome, long Term, UploadSession? Session);

/// <summary>A piece that is about to be added.</summary>
internal sealed record NewPiece(long Term, long Offset, FileId File, long Size)
{
    public string? ETag { get; init; }

    public string? Checksum { get; init; }

    public bool EndsAppend { get; init; }

    public bool EndsUpload { get; init; }

    public bool StaysOpen { get; init; }
}

/// <summary>A piece of an upload: a file that it holds.</summary>
internal sealed record UploadPiece(FileId File, long Offset, long Size, string? ETag, string? Checksum);
