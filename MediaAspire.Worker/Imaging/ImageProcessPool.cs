using System.Collections.Concurrent;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Imaging.Protocol;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>Child processes for pictures, each replaced by count, memory, processor time and age. Thread-safe.</summary>
internal sealed partial class ImageProcessPool(
    IOptions<ImagingOptions> options, ScratchDirectory scratch, TimeProvider time, ImagingMetrics metrics, ILogger<ImageProcessPool> logger)
    : IAsyncDisposable
{
    private const int MaxAttempts = 2;
    private const int MaxDefaultProcesses = 4;

    private readonly ImagingOptions _options = options.Value;
    private readonly int _count = Places(options.Value);
    private readonly SemaphoreSlim _places = new(Places(options.Value));

    // The last one that was used is the first to be used again: its code and data are in the caches.
    private readonly ConcurrentStack<ImageProcess> _idle = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _replacement = Task.CompletedTask;
    private int _saysReach = 1;

    /// <summary>Sends a request to a process. A place is waited for.</summary>
    /// <returns>Details, or a failure of the content: also for content that ends its process, or takes all its time.</returns>
    /// <exception cref="ImageToolMissingException">A program, a library or a format is missing.</exception>
    /// <exception cref="TimeoutException">The time was up, but the process had not had the processor.</exception>
    /// <exception cref="IOException">The machine failed, for example by a full disk.</exception>
    public async Task<ProcessResponse> CallAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await CallOnceAsync(request, cancellationToken);
                }
                catch (ImageProcessEndedException exception)
                {
                    LogEnded(exception.Message);
                    if (!exception.IsForeign || attempt == MaxAttempts)
                    {
                        metrics.ProcessEnded("crashed");
                        return new ProcessResponse
                        {
                            Failure = new ImageFailure(
                                "image-unreadable", "The picture cannot be decoded: it is damaged, or it needs too much memory or time."),
                        };
                    }

                    metrics.ProcessEnded("killed");
                }
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits for a process that can take requests, and keeps it.</summary>
    /// <exception cref="ImageToolMissingException">A program or the library is missing.</exception>
    public async Task<ProcessHello> StartAsync(CancellationToken cancellationToken)
    {
        if (!_idle.TryPop(out var process))
        {
            process = await StartProcessAsync(cancellationToken);
        }

        await KeepAsync(process);
        return process.Hello;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _replacement;
        while (_idle.TryPop(out var process))
        {
            await process.DisposeAsync();
        }

        _stopping.Dispose();
        _places.Dispose();
    }

    private static int Places(ImagingOptions options) =>
        options.Processes > 0 ? options.Processes : Math.Min(Environment.ProcessorCount, MaxDefaultProcesses);

    private async Task<ProcessResponse> CallOnceAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        if (!_idle.TryPop(out var process))
        {
            process = await StartProcessAsync(cancellationToken);
        }

        var isKept = false;
        var started = time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var processorBefore = process.ProcessorTime;
        try
        {
            var response = await process.CallAsync(request, either.Token);
            metrics.RequestEnded(
                request.Variant is null ? "probe" : "transform", response.Details is not null, time.GetElapsedTime(started));
            isKept = Retirement(process) is not { } reason || Retire(reason);
            return response switch
            {
                { IsToolMissing: true, Fault: { } missing } => throw new ImageToolMissingException(missing),
                { Fault: { } fault } => throw new IOException($"An image process failed: {fault}"),
                { Details: null, Failure: null } => throw new IOException("An image process sent an empty response."),
                _ => response,
            };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            metrics.ProcessEnded("timed-out");
            return TimedOut(process, processorBefore);
        }
        finally
        {
            if (isKept)
            {
                await KeepAsync(process);
            }
            else
            {
                await process.DisposeAsync();
            }
        }
    }

    // Content that computes for so long is refused. A process that could not compute says something of the machine.
    private ProcessResponse TimedOut(ImageProcess process, TimeSpan processorBefore)
    {
        var used = process.ProcessorTime - processorBefore;
        LogTimedOut(_options.Timeout, used);
        return used >= _options.Timeout / 2
            ? new ProcessResponse
            {
                Failure = new ImageFailure(
                    "image-too-slow", $"The picture was not processed within {_options.Timeout.TotalSeconds:0} seconds."),
            }
            : throw new TimeoutException(
                $"An image process had {used.TotalSeconds:0.0} of {_options.Timeout.TotalSeconds:0} seconds of a processor.");
    }

    private string? Retirement(ImageProcess process) =>
        process.Measure() is not { } residentBytes ? "crashed"
        : process.Requests >= _options.RequestsPerProcess ? "requests"
        : residentBytes > _options.ResidentBytes ? "memory"
        : process.ProcessorTime > _options.ProcessorTime / 2 ? "processor-time"
        : process.Age > _options.ProcessLifetime ? "age"
        : null;

    // Always false. The next request should not wait for a start.
    private bool Retire(string reason)
    {
        metrics.ProcessEnded(reason);
        lock (_idle)
        {
            _replacement = _replacement.IsCompleted ? ReplaceAsync() : _replacement;
        }

        return false;
    }

    // Checks of health and replacements start processes beside the places.
    private ValueTask KeepAsync(ImageProcess process)
    {
        if (_idle.Count >= _count)
        {
            return process.DisposeAsync();
        }

        _idle.Push(process);
        return ValueTask.CompletedTask;
    }

    private async Task ReplaceAsync()
    {
        try
        {
            await KeepAsync(await StartProcessAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The pool ends.
        }
        catch (Exception exception) when (exception is ImageToolMissingException or ImageProcessEndedException)
        {
            // The next request says so.
            LogNotReplaced(exception.Message);
        }
    }

    private async Task<ImageProcess> StartProcessAsync(CancellationToken cancellationToken)
    {
        var limits = new ResourceLimits(AddressSpaceBytes: null, _options.ProcessorTime, _options.OutputBytes);
        var process = await ImageProcess.StartAsync(
            limits, _options.MemoryBytes, scratch.Path, _options.Confinement, time, cancellationToken);
        LogStarted(process.Id, process.Hello.Version);
        if (process.Hello is { HasFiles: true } or { HasNetwork: true } && Interlocked.Exchange(ref _saysReach, 0) == 1)
        {
            LogReach(process.Hello.HasFiles, process.Hello.HasNetwork, _options.Confinement);
        }

        return process;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Started image process {Id} with libvips {Version}.")]
    private partial void LogStarted(int id, string version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image processes are not confined: they can read all files of this user: {Files}; "
        + "they can open connections: {Network}. Imaging:Confinement is {Mode}; the kernel must have Landlock and seccomp.")]
    private partial void LogReach(bool files, bool network, Confinement.ConfinementMode mode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{How}")]
    private partial void LogEnded(string how);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Killed an image process after {Limit}; it had used {Used} of a processor.")]
    private partial void LogTimedOut(TimeSpan limit, TimeSpan used);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An image process was not replaced: {Reason}")]
    private partial void LogNotReplaced(string reason);
}
