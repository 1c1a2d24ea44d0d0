using System.Diagnostics;
using System.Text;
using MediaAspire.Worker.Confinement;
using MediaAspire.Worker.Imaging.Protocol;

namespace MediaAspire.Worker.Imaging;

/// <summary>A child process that reads hostile bytes. It takes one request at a time.</summary>
internal sealed class ImageProcess : IAsyncDisposable
{
    private const int KilledBySignal = 128 + 9;
    private const int MaxErrorCharacters = 2_000;

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Task<string> _errors;
    private readonly Stream _input;
    private readonly Stream _output;

    private ImageProcess(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        _started = time.GetTimestamp();
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _errors = ReadErrorsAsync(process.StandardError);
    }

    /// <summary>Gets what the process can do.</summary>
    public ProcessHello Hello { get; private set; } = ProcessHello.None;

    public int Id => _process.Id;

    /// <summary>Gets the number of requests that the process answered.</summary>
    public int Requests { get; private set; }

    public TimeSpan Age => _time.GetElapsedTime(_started);

    /// <summary>Gets the processor time that the process had when it was last measured or killed.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>Measures the resident memory, in bytes, and <see cref="ProcessorTime"/>.</summary>
    /// <returns><see langword="null"/> if the process has ended.</returns>
    public long? Measure()
    {
        try
        {
            _process.Refresh();
            ProcessorTime = _process.TotalProcessorTime;
            return _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Starts a process and waits until it is ready.</summary>
    /// <exception cref="ImageToolMissingException">libvips or <c>prlimit</c> is missing.</exception>
    /// <exception cref="ImageProcessEndedException">The process ended.</exception>
    public static async Task<ImageProcess> StartAsync(
        ResourceLimits limits,
        long memoryBytes,
        string directory,
        ConfinementMode confinement,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // Outermost, because the limits leave too little memory for the start of another runtime.
        var command = WorkerProgram.Confine(
            new(limits.Apply(WorkerProgram.Image(memoryBytes)))
            {
                Runs = [AppContext.BaseDirectory],
                Writes = [directory],
                HasEnvironment = true,
            },
            confinement);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };

        // Nothing of ours: connection strings and keys are in the environment of a worker.
        WorkerProgram.ClearEnvironment(start.Environment);
        foreach (var (name, value) in Environment(directory))
        {
            start.Environment.Add(name, value);
        }

        var process = new ImageProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start."), time);
        var isReady = false;
        try
        {
            process.Hello = await process.ReadAsync(ProcessJson.Default.ProcessHello, cancellationToken);
            isReady = process.Hello.Version.Length > 0;
            return isReady
                ? process
                : throw new ImageToolMissingException("libvips was not found. Install the package libvips42.");
        }
        finally
        {
            if (!isReady)
            {
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>Sends a request and waits for the response.</summary>
    /// <exception cref="ImageProcessEndedException">The process ended, or broke the protocol.</exception>
    public async Task<ProcessResponse> CallAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await ProcessFrames.WriteAsync(_input, request, ProcessJson.Default.ProcessRequest, cancellationToken);
        }
        catch (IOException)
        {
            // It ended between two requests; the read says how.
        }

        var response = await ReadAsync(ProcessJson.Default.ProcessResponse, cancellationToken);
        Requests++;
        return response;
    }

    /// <summary>Ends the process, whatever it does.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
    }

    private static IEnumerable<(string Name, string Value)> Environment(string directory) =>
    [
        ("HOME", directory),
        ("TMPDIR", directory),
        ("LANG", "C.UTF-8"),
        // Hexadecimal: 192 MiB. Pixels are outside; buffers of the automatic quality are inside.
        ("DOTNET_GCHeapHardLimit", "C000000"),
        // Each thread that allocates would reserve 64 MiB of address space.
        ("MALLOC_ARENA_MAX", "2"),
        // As many processes work at once as there are processors.
        ("VIPS_CONCURRENCY", "1"),
        // Warnings about files of others say nothing to an operator.
        ("VIPS_WARNING", "0"),
    ];

    private async Task<T> ReadAsync<T>(
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        // The read ends with the process; a pipe cannot be told to stop otherwise.
        await using var registration = cancellationToken.Register(() =>
        {
            Measure();
            Kill();
        });
        T? message;
        try
        {
            message = await ProcessFrames.ReadAsync(_output, type, CancellationToken.None);
        }
        catch (InvalidDataException exception)
        {
            await EndAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new ImageProcessEndedException($"The image process broke the protocol: {exception.Message}", isForeign: false);
        }

        if (message is not null)
        {
            return message;
        }

        await EndAsync();
        cancellationToken.ThrowIfCancellationRequested();
        var code = _process.ExitCode;
        if (code == ConfineCommand.Failed)
        {
            throw new IOException($"An image process could not be confined: {LastLine(await _errors)}");
        }

        throw new ImageProcessEndedException(
            $"The image process ended with code {code}: {LastLine(await _errors)}", isForeign: code is KilledBySignal or 0);
    }

    private async Task EndAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    // Reads all, so that the process never waits for the pipe, and keeps the end.
    private static async Task<string> ReadErrorsAsync(StreamReader errors)
    {
        var kept = new StringBuilder();
        var buffer = new char[1024];
        int count;
        while ((count = await errors.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            kept.Append(buffer, 0, count);
            if (kept.Length > MaxErrorCharacters)
            {
                kept.Remove(0, kept.Length - MaxErrorCharacters);
            }
        }

        return kept.ToString();
    }

    // It may hold bytes of the file.
    private static string LastLine(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.LastOrDefault() ?? "no message";
        return new string([.. line.Where(character => character is >= ' ' and <= '~').Take(200)]);
    }
}
