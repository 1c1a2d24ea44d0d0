using System.Buffers;
using System.Text;
using System.Text.Json;
using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Processing;

/// <summary>Processes items: reads their types out of their content, and makes them ready.</summary>
/// <remarks>Idempotent. Of two attempts at once, one ends the processing; the other changes nothing.</remarks>
public sealed partial class MediaProcessor(
    IMediaStore store,
    IObjectStore objects,
    IMediaProber prober,
    IOptions<MediaProcessingOptions> options,
    TimeProvider time,
    ILogger<MediaProcessor> logger)
{
    // A worker that stops has little time left; without the release the attempt counts as interrupted.
    private static readonly TimeSpan s_releaseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes one attempt.</summary>
    /// <param name="id">The item.</param>
    /// <param name="job">The job that makes it.</param>
    /// <param name="cancellationToken">Ends the attempt, which does not count then.</param>
    public async Task<ProcessingOutcome> ProcessAsync(MediaId id, JobId job, CancellationToken cancellationToken)
    {
        var attempt = Guid.CreateVersion7(time.GetUtcNow());

        // Before the attempt begins by the database's clock, so that it never outlasts its end there.
        using var timeout = new CancellationTokenSource(options.Value.ProcessTimeout, time);
        var begun = await store.ChangeOneAsync(
            id, set => MediaProcessing.Begin(set, id, attempt, job, options.Value), cancellationToken);
        if (begun.Outcome != BeginOutcome.Begun)
        {
            LogNotBegun(id, begun.Outcome);
            return begun.Outcome switch
            {
                BeginOutcome.Busy => ProcessingOutcome.Busy,
                BeginOutcome.Exhausted => ProcessingOutcome.Failed,
                _ => ProcessingOutcome.NothingToDo,
            };
        }

        var (findings, fault) = await AttemptAsync(begun.Written[0], attempt, timeout.Token, cancellationToken);
        return fault is null
            ? await SucceedAsync(begun.Written[0], attempt, findings!, cancellationToken)
            : await FailAsync(id, attempt, fault, cancellationToken);
    }

    private async Task<(MediaFindings? Findings, ProcessingFault? Fault)> AttemptAsync(
        MediaItem item, Guid attempt, CancellationToken timeout, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout, cancellationToken);
        try
        {
            return await ExamineAsync(item, ending.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(item.Id, attempt);
            throw;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return (null, new("processing-timeout", $"Processing took longer than {options.Value.ProcessTimeout}."));
        }
        catch (Exception failure) when (failure is ObjectStoreException or IOException)
        {
            LogStoreFailed(item.Id, failure.Message);
            return (null, new("object-store-failed", "The object store did not give the content."));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The boundary of an attempt: what hostile content does to a prober is the failure of this item alone.
            LogFaulted(failure, item.Id);
            return (null, new("processing-error", "Processing the content failed. The worker's log has the reason."));
        }
    }

    private async Task<(MediaFindings? Findings, ProcessingFault? Fault)> ExamineAsync(MediaItem item, CancellationToken cancellationToken)
    {
        var types = new Dictionary<int, DetectedType>();
        foreach (var part in item.Parts)
        {
            await using var stream = await objects.OpenReadAsync(
                part.ObjectKey, new ObjectRange(0, TypeDetector.HeadBytes), cancellationToken);
            if (stream is null)
            {
                return (null, new("content-missing", $"The content of part {part.Number} is not in the object store."));
            }

            if (await DetectAsync(stream, cancellationToken) is { } type)
            {
                types.Add(part.Number, type);
            }
        }

        var refusal = item.Parts
            .Select(part => ContentPolicy.Refuse(item.Kind, part, types.GetValueOrDefault(part.Number)))
            .FirstOrDefault(reason => reason is not null);
        if (refusal is not null && options.Value.RefuseMismatched)
        {
            return (null, new(ContentPolicy.TypeMismatch, refusal, IsFinal: true)
            {
                Details = Describe(item, types, ProbedMedia.Nothing),
            });
        }

        var probed = await prober.ProbeAsync(item, types, cancellationToken);
        return (new(Describe(item, types, probed)) { Dimensions = probed.Dimensions }, null);
    }

    private static async Task<DetectedType?> DetectAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = ArrayPool<byte>.Shared.Rent(TypeDetector.HeadBytes);
        try
        {
            var length = await stream.ReadAtLeastAsync(
                head.AsMemory(0, TypeDetector.HeadBytes), TypeDetector.HeadBytes, throwOnEndOfStream: false, cancellationToken);
            return TypeDetector.Detect(head.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    private async Task<ProcessingOutcome> SucceedAsync(
        MediaItem begun, Guid attempt, MediaFindings findings, CancellationToken cancellationToken)
    {
        var ended = await store.ChangeOneAsync(
            begun.Id, set => MediaProcessing.Succeed(set, begun.Id, attempt, findings, withAlias: true), cancellationToken);
        if (ended.Conflict is not null)
        {
            // Another item has taken the alias meanwhile. The content is good all the same, and the item keeps its old alias.
            LogAliasTaken(begun.Id);
            ended = await store.ChangeOneAsync(
                begun.Id, set => MediaProcessing.Succeed(set, begun.Id, attempt, findings, withAlias: false), cancellationToken);
        }

        LogEnded(begun.Id, ended.Outcome);
        return ended.Outcome ? ProcessingOutcome.Ready : ProcessingOutcome.Lost;
    }

    private async Task<ProcessingOutcome> FailAsync(
        MediaId id, Guid attempt, ProcessingFault fault, CancellationToken cancellationToken)
    {
        var ended = await store.ChangeOneAsync(
            id, set => MediaProcessing.Fail(set, id, attempt, fault, options.Value, time), cancellationToken);
        LogFailed(id, fault.Code, ended.Outcome);
        return ended.Outcome switch
        {
            FailOutcome.Waits => ProcessingOutcome.Waits,
            FailOutcome.Failed => ProcessingOutcome.Failed,
            _ => ProcessingOutcome.Lost,
        };
    }

    private async Task ReleaseAsync(MediaId id, Guid attempt)
    {
        using var timeout = new CancellationTokenSource(s_releaseTimeout, time);
        try
        {
            await store.ChangeOneAsync(id, set => MediaProcessing.Release(set, id, attempt), timeout.Token);
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or TimeoutException or OperationCanceledException)
        {
            LogNotReleased(id, failure.Message);
        }
    }

    private static string Describe(MediaItem item, Dictionary<int, DetectedType> types, ProbedMedia probed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (probed.Duration is { } duration)
            {
                json.WriteNumber("durationSeconds", duration.TotalSeconds);
            }

            json.WriteStartArray("parts");
            foreach (var part in item.Parts)
            {
                var type = types.GetValueOrDefault(part.Number);
                json.WriteStartObject();
                json.WriteNumber("number", part.Number);
                json.WriteString("declared", part.ContentType);
                if (type is not null)
                {
                    json.WriteString("detected", type.Name);
                }

                if (ContentPolicy.Matches(part.ContentType, type) is { } matches)
                {
                    json.WriteBoolean("matches", matches);
                }

                if (probed.Parts.TryGetValue(part.Number, out var found))
                {
                    PartProperties.Write(json, found);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    [LoggerMessage(LogLevel.Trace, "Item {Item} was not processed: {Outcome}")]
    private partial void LogNotBegun(MediaId item, BeginOutcome outcome);

    [LoggerMessage(LogLevel.Trace, "Item {Item} is ready; this attempt ended its processing: {IsEnded}")]
    private partial void LogEnded(MediaId item, bool isEnded);

    [LoggerMessage(LogLevel.Warning, "Processing item {Item} failed with {Code}: {Outcome}")]
    private partial void LogFailed(MediaId item, string code, FailOutcome outcome);

    [LoggerMessage(LogLevel.Warning, "The content of item {Item} could not be read: {Reason}")]
    private partial void LogStoreFailed(MediaId item, string reason);

    [LoggerMessage(LogLevel.Error, "An attempt at processing item {Item} ended with an unexpected exception")]
    private partial void LogFaulted(Exception exception, MediaId item);

    [LoggerMessage(LogLevel.Warning, "Item {Item} did not get the alias of its deferred update, which another item has")]
    private partial void LogAliasTaken(MediaId item);

    [LoggerMessage(LogLevel.Warning, "An attempt at item {Item} was not released, so it counts as interrupted: {Reason}")]
    private partial void LogNotReleased(MediaId item, string reason);
}

/// <summary>The outcomes of an attempt at processing.</summary>
public enum ProcessingOutcome
{
    Ready,

    /// <summary>The attempt failed, and the item waits for its next one.</summary>
    Waits,

    Failed,

    /// <summary>Another job makes an attempt.</summary>
    Busy,

    /// <summary>Another attempt has taken the place of this one.</summary>
    Lost,

    /// <summary>The item does not wait for processing.</summary>
    NothingToDo,
}
