using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Variants;

/// <summary>The work of making variants: asking for one, taking one, and ending one. Thread-safe.</summary>
/// <remarks>
/// There is one row for each variant that is wanted and not made, in all processes together. The job of the row may run twice; the row lets
/// one of the two make the variant.
/// </remarks>
public sealed class VariantWork(NpgsqlDataSource database, IJobQueue queue, IOptions<VariantOptions> options, TimeProvider time)
{
    // A claim ends with its job, which another worker takes over. So this only bounds the wait for a job that is lost.
    private static readonly TimeSpan s_claimFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_lostAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(6);

    /// <summary>Gets the key by which the end of work is signalled.</summary>
    public static string SignalOf(Guid work) => $"variant:{work:N}";

    /// <summary>Asks for a variant, and enqueues its job unless it is made or asked for already.</summary>
    /// <exception cref="JobQueueUnavailableException">The queue did not answer. A later request enqueues the job again.</exception>
    public async Task<WantedVariant> WantAsync(VariantOwner owner, string variant, bool isUrgent, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wanted = await WantAsync(owner, variant, isUrgent, transaction, cancellationToken);
        NewJob? job = null;
        if (wanted.Outcome == WantedOutcome.Added)
        {
            job = MakeVariant.Of(wanted.Work, isUrgent, time);
            if (queue.JoinsTransactions
                && (await queue.EnqueueAsync(job, transaction, cancellationToken)).Outcome == EnqueueOutcome.Full)
            {
                return wanted with { Outcome = WantedOutcome.Busy };
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return job is not null && !queue.JoinsTransactions
            && (await queue.EnqueueAsync(job, cancellationToken)).Outcome == EnqueueOutcome.Full
            ? wanted with { Outcome = WantedOutcome.Busy } : wanted;
    }

    /// <summary>Takes work for a job.</summary>
    /// <returns><see langword="null"/> when there is nothing to do: the work is done, or another job does it.</returns>
    public async Task<ClaimedVariant?> ClaimAsync(Guid work, JobId job, CancellationToken cancellationToken)
    {
        // After a crash of the database another worker takes the job, and claims the work again.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new(
            """
            UPDATE image_variant_work w SET claimed_by = $2, claimed_until = now() + $3, attempts = w.attempts + 1
            WHERE w.work_id = $1 AND w.failure_code IS NULL
                AND (w.claimed_by = $2 OR w.claimed_until IS NULL OR w.claimed_until < now())
            RETURNING w.image_id, w.object_key, w.variant, w.attempts, EXISTS (
                SELECT FROM image_variants v
                WHERE v.variant = w.variant AND (v.image_id = w.image_id OR v.object_key = w.object_key))
            """)
        {
            Parameters = { new() { Value = work }, new() { Value = job.Value }, new() { Value = s_claimFor } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var owner = reader.IsDBNull(0) ? VariantOwner.Of(reader.GetString(1)) : VariantOwner.Of(new ImageId(reader.GetGuid(0)));
        return new(work, job, owner, reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(4));
    }

    /// <summary>Stores a variant and ends its work, in one transaction.</summary>
    /// <returns><see langword="false"/> when the work ended meanwhile, so that the variant is not wanted any more.</returns>
    public Task<bool> CommitAsync(ClaimedVariant claimed, StagedBlob blob, ImageDetails details, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(blob);

        return blob.TryCommitAsync(
            [
                .. WithoutWaitForDisk(),
                new("SELECT require_met(EXISTS (SELECT FROM image_variant_work WHERE work_id = $1 AND claimed_by = $2), 'work-ended')")
                {
                    Parameters = { new() { Value = claimed.Work }, new() { Value = claimed.Job.Value } },
                },
                new(
                    """
                    INSERT INTO image_variants (variant_id, image_id, object_key, variant, blob_id, size, details)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)
                    """)
                {
                    Parameters =
                    {
                        new() { Value = Guid.CreateVersion7(time.GetUtcNow()) },
                        new() { Value = (object?)claimed.Owner.Image?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                        NullableParameter.Text(claimed.Owner.ObjectKey),
                        new() { Value = claimed.Variant },
                        new() { Value = blob.Blob.Id.Value },
                        new() { Value = blob.Blob.Size },
                        new() { Value = ImageDetailsFormat.Write(details), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    },
                },
                End(claimed.Work),
                WorkSignals.Notify(SignalOf(claimed.Work)),
            ],
            cancellationToken);
    }

    /// <summary>Ends work whose variant exists already.</summary>
    public async Task EndAsync(ClaimedVariant claimed, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(End(claimed.Work));
        batch.BatchCommands.Add(WorkSignals.Notify(SignalOf(claimed.Work)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends work by a failure, which is remembered for some time.</summary>
    public async Task FailAsync(ClaimedVariant claimed, ImageFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);

        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            UPDATE image_variant_work SET failure_code = $3, failure_message = $4, expires_at = now() + $5
            WHERE work_id = $1 AND claimed_by = $2
            """)
        {
            Parameters =
            {
                new() { Value = claimed.Work },
                new() { Value = claimed.Job.Value },
                new() { Value = failure.Code },
                new() { Value = failure.Message },
                new() { Value = options.Value.FailureRetention },
            },
        });
        batch.BatchCommands.Add(WorkSignals.Notify(SignalOf(claimed.Work)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Releases work after a failed attempt, so that any job may take it.</summary>
    public async Task ReleaseAsync(ClaimedVariant claimed, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE image_variant_work SET claimed_until = NULL WHERE work_id = $1 AND claimed_by = $2");
        command.Parameters.Add(new() { Value = claimed.Work });
        command.Parameters.Add(new() { Value = claimed.Job.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A client waits, and a variant can be made again. A crash of the database that loses the variant loses the end of its job too,
    // which is later in the same log, so the job runs again. Where jobs are elsewhere, the job may be gone.
    private IEnumerable<NpgsqlBatchCommand> WithoutWaitForDisk() =>
        queue.JoinsTransactions ? [new("SELECT set_config('synchronous_commit', 'off', true)")] : [];

    private static NpgsqlBatchCommand End(Guid work) =>
        new("DELETE FROM image_variant_work WHERE work_id = $1") { Parameters = { new() { Value = work } } };

    private async Task<WantedVariant> WantAsync(
        VariantOwner owner, string variant, bool isUrgent, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);

        // After a crash of the database the work is gone and asked for again, so this does not wait for its disk.
        batch.BatchCommands.Add(new("SET LOCAL synchronous_commit = off"));
        batch.BatchCommands.Add(new("SELECT outcome, work, code, message FROM want_variant($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(time.GetUtcNow()) },
                new() { Value = (object?)owner.Image?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                NullableParameter.Text(owner.ObjectKey),
                new() { Value = variant },
                new() { Value = isUrgent },
                new() { Value = options.Value.MaxPending },
                new() { Value = options.Value.MaxPendingPerImage },
                new() { Value = s_lostAfter },
                new() { Value = s_lifetime },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetString(0) switch
            {
                "made" => WantedOutcome.Made,
                "failed" => WantedOutcome.Failed,
                "waiting" => WantedOutcome.Waiting,
                "added" => WantedOutcome.Added,
                "busy" => WantedOutcome.Busy,
                _ => WantedOutcome.Gone,
            },
            reader.IsDBNull(1) ? Guid.Empty : reader.GetGuid(1),
            reader.IsDBNull(2) ? null : new ImageFailure(reader.GetString(2), reader.GetString(3)));
    }
}

/// <summary>The answer to a request for a variant.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Work">The work, where there is one.</param>
/// <param name="Failure">The reason of a failure.</param>
public sealed record WantedVariant(WantedOutcome Outcome, Guid Work, ImageFailure? Failure);

/// <summary>The outcomes of a request for a variant.</summary>
public enum WantedOutcome
{
    /// <summary>The variant exists.</summary>
    Made,

    /// <summary>It could not be made a short time ago, and is not tried yet.</summary>
    Failed,

    /// <summary>Others have asked for it.</summary>
    Waiting,

    /// <summary>Its job is enqueued.</summary>
    Added,

    /// <summary>Too many variants are asked for.</summary>
    Busy,

    /// <summary>The source does not exist any more.</summary>
    Gone,
}

/// <summary>A variant that a job makes.</summary>
/// <param name="Work">The work.</param>
/// <param name="Job">The job that has it.</param>
/// <param name="Owner">The source.</param>
/// <param name="Variant">The key of the variant.</param>
/// <param name="Attempt">This attempt, from 1.</param>
/// <param name="IsMade">A value indicating whether the variant exists already.</param>
public sealed record ClaimedVariant(Guid Work, JobId Job, VariantOwner Owner, string Variant, int Attempt, bool IsMade);
