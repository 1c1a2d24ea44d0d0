using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Imaging;

public sealed class BoundedProgramTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_program_has_no_variables_of_the_environment() =>
        Assert.Equal("", (await RunAsync("/usr/bin/env", s_long)).Output);

    [Fact]
    public async Task A_program_has_limits_of_memory_time_and_files()
    {
        var limits = (await RunAsync("/bin/cat", s_long, "/proc/self/limits")).Output;

        Assert.Matches(@"Max address space +1073741824 ", limits);
        Assert.Matches(@"Max cpu time +60 ", limits);
        Assert.Matches(@"Max file size +2147483648 ", limits);
        Assert.Matches(@"Max core file size +0 ", limits);
    }

    [Fact]
    public async Task Output_without_end_ends_the_program()
    {
        var run = await RunAsync("/usr/bin/yes", s_long);

        Assert.Equal((ProgramEnd.TooMuchOutput, BoundedProgram.MaxOutputBytes), (run.End, run.Output.Length));
    }

    [Fact]
    public async Task Errors_without_end_do_not_stop_the_program()
    {
        var run = await RunAsync("/bin/sh", s_long, "-c", "head -c 300000 /dev/zero | tr '\\0' x >&2; echo done");

        Assert.Equal((ProgramEnd.Exited, "done\n", 4096), (run.End, run.Output, run.Errors.Length));
    }

    [Fact]
    public async Task A_program_that_computes_too_long_is_killed()
    {
        var run = await RunAsync("/bin/sh", TimeSpan.FromMilliseconds(10), "-c", "while :; do :; done");

        Assert.Equal(ProgramEnd.TimedOut, run.End);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_killed_with_its_children()
    {
        using var directory = new TemporaryDirectory();
        var pids = Path.Combine(directory.Path, "pids");
        using var programs = new BoundedProgram(
            Options.Create(new VideoOptions { Ffmpeg = "/bin/sh" }), Options.Create(new ImagingOptions()), TimeProvider.System)
        {
            Grace = TimeSpan.FromMilliseconds(500),
        };

        await Assert.ThrowsAsync<TimeoutException>(() => programs.RunFfmpegAsync(
            ["-c", $"/bin/sleep 1000 & echo $! $$ > {pids}; wait"], "/dev/null", pids, TimeSpan.FromSeconds(1), CancellationToken.None));

        foreach (var pid in (await File.ReadAllTextAsync(pids)).Split())
        {
            await Until.TrueAsync("the process is gone", () => Task.FromResult(pid.Length == 0 || !IsAlive(pid)));
        }
    }

    [Fact]
    public async Task A_call_that_is_cancelled_throws_and_kills_the_program()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("/bin/sleep", s_long, cancelled.Token, "1000"));
    }

    [Fact]
    public async Task A_missing_program_is_named_with_its_package()
    {
        var failure = await Assert.ThrowsAsync<ImageToolMissingException>(() => RunAsync("/nowhere/ffmpeg", s_long));

        Assert.Contains("'/nowhere/ffmpeg' was not found. Install the package ffmpeg", failure.Message, StringComparison.Ordinal);
    }

    private static Task<ProgramResult> RunAsync(string program, TimeSpan timeout, params string[] arguments) =>
        RunAsync(program, timeout, CancellationToken.None, arguments);

    private static async Task<ProgramResult> RunAsync(
        string program, TimeSpan timeout, CancellationToken cancellationToken, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        using var programs = new BoundedProgram(
            Options.Create(new VideoOptions { Ffmpeg = program }), Options.Create(new ImagingOptions()), TimeProvider.System);
        return await programs.RunFfmpegAsync(arguments, "/dev/null", Path.Combine(directory.Path, "made"), timeout, cancellationToken);
    }

    // A killed process whose parent is gone may be a zombie for a moment.
    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
