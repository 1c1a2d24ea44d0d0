using System.Buffers;
using System.ComponentModel;
using System.Text;
using CliWrap;
using MediaAspire.Worker.Confinement;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>Runs ffmpeg and ffprobe on hostile files, within limits of memory, time, output and the size of files. Thread-safe.</summary>
/// <remarks>
/// The worker's own command gives up rights to files and the network, and becomes prlimit, which sets the limits and becomes the program.
/// The program gets no variables of the environment: they would name proxies, reports and presets. Neither gets it input. Its processor
/// time is limited, so that a busy machine does not make content fail; a program that does not end long after that time is killed with its
/// whole tree of processes.
/// </remarks>
internal sealed class BoundedProgram(IOptions<VideoOptions> options, IOptions<ImagingOptions> imaging, TimeProvider time) : IDisposable
{
    /// <summary>The most bytes of its output that a program may write before it is ended.</summary>
    public const int MaxOutputBytes = 4 * 1024 * 1024;

    // 128 and the number of SIGKILL, which the kernel sends at the limit of the processor time.
    private const int Killed = 137;

    private const int MaxErrorBytes = 4 * 1024;
    private const string Package = "ffmpeg";

    private readonly SemaphoreSlim _places = new(options.Value.Concurrency);

    /// <summary>Gets the time that a program may take beyond its processor time.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Looks for the programs.</summary>
    /// <exception cref="ImageToolMissingException">A program is missing.</exception>
    public void Locate()
    {
        Locate(options.Value.Ffmpeg);
        Locate(options.Value.Ffprobe);
    }

    /// <summary>Runs ffmpeg.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="source">The only file that it may read.</param>
    /// <param name="destination">The only file that it may write. It is created, with no bytes.</param>
    /// <param name="timeout">The most processor time, rounded up to seconds.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="ImageToolMissingException">A program is missing.</exception>
    /// <exception cref="TimeoutException">The program did not end, though it had little of the processor.</exception>
    public async Task<ProgramResult> RunFfmpegAsync(
        IEnumerable<string> arguments, string source, string destination, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // A right to a file needs the file.
        await File.WriteAllBytesAsync(destination, [], cancellationToken);
        return await RunAsync(options.Value.Ffmpeg, arguments, source, [destination], timeout, cancellationToken);
    }

    /// <summary>Runs ffprobe.</summary>
    public Task<ProgramResult> RunFfprobeAsync(IEnumerable<string> arguments, string source, CancellationToken cancellationToken) =>
        RunAsync(options.Value.Ffprobe, arguments, source, [], options.Value.Timeout, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static string Locate(string program) =>
        !program.Contains('/', StringComparison.Ordinal) ? Tools.Find(program, Package)
        : File.Exists(program) ? program
        : throw new ImageToolMissingException(
            $"The program '{program}' was not found. Install the package {Package}, or change {VideoOptions.SectionName}.");

    private async Task<ProgramResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string source,
        string[] written,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var limits = new ResourceLimits(options.Value.MaxMemoryBytes, timeout, options.Value.MaxFileBytes);
        var path = Locate(program);
        var command = WorkerProgram.Confine(
            new(limits.Apply([path, .. arguments]))
            {
                Runs = [Path.GetDirectoryName(path)!],
                Reads = [source],
                Writes = written,
            },
            imaging.Value.Confinement);
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(command, timeout, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<ProgramResult> RunAsync(string[] command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout + Grace, time);
        using var excess = new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, excess.Token, cancellationToken);
        var (output, errors) = (new BoundedOutput(MaxOutputBytes), new BoundedOutput(MaxErrorBytes));
        try
        {
            var run = await Cli.Wrap(command[0])
                .WithArguments(command[1..])
                .WithWorkingDirectory(Path.GetTempPath())
                .WithValidation(CommandResultValidation.None)
                .WithStandardOutputPipe(PipeTarget.Create((stream, token) => output.ReadAsync(stream, excess, token)))
                .WithStandardErrorPipe(PipeTarget.Create((stream, token) => errors.ReadAsync(stream, excess: null, token)))
                .ExecuteAsync(start => WorkerProgram.ClearEnvironment(start.Environment), forcefulCancellationToken: ending.Token);
            if (run.ExitCode == ConfineCommand.Failed)
            {
                throw new IOException($"The program '{command[0]}' could not be confined: {errors.Text}");
            }

            return new(run.ExitCode == Killed ? ProgramEnd.TimedOut : ProgramEnd.Exited, run.ExitCode, output.Text, errors.Text);
        }
        catch (OperationCanceledException) when (excess.IsCancellationRequested)
        {
            return new(ProgramEnd.TooMuchOutput, Killed, output.Text, errors.Text);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"A program that may compute for {timeout} did not end within {timeout + Grace}.");
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"The program '{command[0]}' did not start: {failure.Message}", failure);
        }
    }

    /// <summary>The first bytes of a stream.</summary>
    private sealed class BoundedOutput(int limit)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public string Text => Encoding.UTF8.GetString(_bytes.WrittenSpan);

        /// <summary>Reads to the end, so that the program never waits; what exceeds the limit is dropped.</summary>
        public async Task ReadAsync(Stream stream, CancellationTokenSource? excess, CancellationToken cancellationToken)
        {
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                _bytes.Write(buffer.AsSpan(0, Math.Min(read, limit - _bytes.WrittenCount)));
                if (_bytes.WrittenCount == limit && excess is not null)
                {
                    await excess.CancelAsync();
                }
            }
        }
    }
}

/// <summary>The result of a program.</summary>
/// <param name="End">How it ended.</param>
/// <param name="ExitCode">0 for a success.</param>
/// <param name="Output">Its output, or the beginning of it.</param>
/// <param name="Errors">The beginning of its errors. They quote the content, so they are neither logged nor sent.</param>
internal sealed record ProgramResult(ProgramEnd End, int ExitCode, string Output, string Errors)
{
    public bool IsSuccess => End == ProgramEnd.Exited && ExitCode == 0;
}

/// <summary>The ways in which a program ends.</summary>
internal enum ProgramEnd
{
    Exited,
    TimedOut,
    TooMuchOutput,
}
