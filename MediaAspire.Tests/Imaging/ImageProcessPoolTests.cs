using System.Diagnostics;
using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Confinement;
using MediaAspire.Worker.Imaging;
using MediaAspire.Worker.Imaging.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Imaging;

public sealed class ImageProcessPoolTests : IAsyncLifetime
{
    private const int Stop = 19;

    private readonly ImagingFixture _imaging = new()
    {
        Configure = options =>
        {
            options.Processes = 1;
            options.Timeout = TimeSpan.FromSeconds(20);
            options.RequestsPerProcess = 3;
        },
    };

    private static ImageLimits Boundless { get; } = new() { Picture = new FrameLimits(100_000, 100_000, long.MaxValue, 1) };

    public Task InitializeAsync() => _imaging.InitializeAsync();

    public Task DisposeAsync() => _imaging.DisposeAsync();

    [Fact]
    public async Task Work_survives_a_process_that_is_killed_in_the_middle()
    {
        var slow = TransformSlowlyAsync();
        var first = await RunningAsync();
        await Until.TrueAsync("the process works", () => Task.FromResult(ProcessorTime(first) > TimeSpan.FromSeconds(0.3)));

        Process.GetProcessById(first).Kill();

        Assert.Null((await slow).Failure);
        Assert.NotEqual(first, Assert.Single(Children()));
    }

    [Fact]
    public async Task A_process_that_hangs_is_killed_and_the_call_may_be_repeated()
    {
        var hanging = new ImagingFixture { Configure = options => (options.Processes, options.Timeout) = (1, TimeSpan.FromSeconds(2)) };
        await hanging.InitializeAsync();
        try
        {
            var source = Small(hanging);
            await hanging.ProbeAsync(source);
            var process = Assert.Single(Children(hanging));
            Signal(process, Stop);

            await Assert.ThrowsAsync<TimeoutException>(() => hanging.Processor.ProbeAsync(source, Boundless, CancellationToken.None));

            await hanging.ProbeAsync(source);
            Assert.DoesNotContain(process, Children(hanging));
        }
        finally
        {
            await hanging.DisposeAsync();
        }
    }

    [Fact]
    public async Task Content_that_takes_too_long_is_refused()
    {
        var hurried = new ImagingFixture { Configure = options => (options.Processes, options.Timeout) = (1, TimeSpan.FromSeconds(1)) };
        await hurried.InitializeAsync();
        try
        {
            await hurried.Pool.StartAsync(CancellationToken.None);
            var started = Stopwatch.GetTimestamp();

            // On a busy machine the process may not have had the processor, which is another outcome.
            string? code = null;
            await Until.TrueAsync("the process had the processor", async () =>
            {
                try
                {
                    started = Stopwatch.GetTimestamp();
                    var outcome = await hurried.Processor.TransformAsync(
                        HostileFiles.LargePng(hurried.NewFile(".png"), 20_000), hurried.NewFile(".png"),
                        new ImageRequest([new ImageStep.Blur(50)], ImageFormat.Png), Boundless, CancellationToken.None);
                    code = outcome.Failure?.Code;
                    return true;
                }
                catch (TimeoutException)
                {
                    return false;
                }
            });

            Assert.Equal("image-too-slow", code);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        }
        finally
        {
            await hurried.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_memory_bomb_is_refused_and_the_next_picture_is_not()
    {
        var bounded = new ImagingFixture { Configure = options => (options.Processes, options.MemoryBytes) = (1, 512L << 20) };
        await bounded.InitializeAsync();
        try
        {
            // A file of 150 KB with 900 million pixels, which a turn needs in memory.
            var outcome = await bounded.Processor.TransformAsync(
                HostileFiles.LargePng(bounded.NewFile(".png"), 30_000), bounded.NewFile(".png"),
                new ImageRequest([new ImageStep.Rotate(90)], ImageFormat.Png), Boundless, CancellationToken.None);

            Assert.Equal("image-unreadable", outcome.Failure?.Code);
            await bounded.ProbeAsync(Small(bounded));
        }
        finally
        {
            await bounded.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_pixel_bomb_is_refused_by_its_header()
    {
        var bomb = HostileFiles.LargePng(_imaging.NewFile(".png"), 30_000);
        await _imaging.Pool.StartAsync(CancellationToken.None);
        var started = Stopwatch.GetTimestamp();

        var outcome = await _imaging.Processor.ProbeAsync(bomb, new ImageLimits(), CancellationToken.None);

        Assert.Equal("validate-width", outcome.Failure?.Code);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Processes_are_replaced_after_some_requests()
    {
        var source = Small(_imaging);
        List<int> processes = [];
        for (var i = 0; i < 4; i++)
        {
            await _imaging.ProbeAsync(source);
            await Until.TrueAsync("one process is there", () => Task.FromResult(Children().Count == 1));
            processes.Add(Children()[0]);
        }

        Assert.Equal(processes[0], processes[1]);

        // A request that comes before the replacement is ready starts a process of its own.
        Assert.All(processes.CountBy(process => process), seen => Assert.InRange(seen.Value, 1, 3));
    }

    [Fact]
    public async Task A_process_has_no_secrets_and_no_handles_of_its_parent()
    {
        using var secret = new FileStream(_imaging.NewFile(".secret"), FileMode.Create);
        Environment.SetEnvironmentVariable("MEDIAASPIRE_TEST_SECRET", "hunter2");
        try
        {
            await _imaging.Pool.StartAsync(CancellationToken.None);
        }
        finally
        {
            Environment.SetEnvironmentVariable("MEDIAASPIRE_TEST_SECRET", null);
        }

        var process = Assert.Single(Children());
        var environment = await File.ReadAllTextAsync($"/proc/{process}/environ");
        Assert.DoesNotContain("hunter2", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("PATH=", environment, StringComparison.Ordinal);
        var handles = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd")
            .Select(handle => File.ResolveLinkTarget(handle, returnFinalTarget: false)?.FullName ?? "").ToList();
        Assert.DoesNotContain(handles, target => target.EndsWith(".secret", StringComparison.Ordinal));
        Assert.DoesNotContain(handles, target => target.Contains("socket:", StringComparison.Ordinal));
        var limits = await File.ReadAllTextAsync($"/proc/{process}/limits");
        Assert.Matches(@"Max core file size\s+0\s+0", limits);
        Assert.DoesNotMatch(@"Max address space\s+unlimited", limits);
        Assert.DoesNotMatch(@"Max file size\s+unlimited", limits);
        Assert.DoesNotMatch(@"Max cpu time\s+unlimited", limits);
    }

    [Fact]
    public async Task A_process_ends_with_its_parent_in_the_middle_of_work()
    {
        var command = WorkerProgram.Image(1L << 30);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_ROOT"] = WorkerProgram.RuntimeRoot;
        using var process = Process.Start(start);
        Assert.NotNull(process);
        Assert.NotNull(await ProcessFrames.ReadAsync(
            process.StandardOutput.BaseStream, ProcessJson.Default.ProcessHello, CancellationToken.None));
        var request = new ProcessRequest(HostileFiles.LargePng(_imaging.NewFile(".png"), 20_000), ImageFormat.Png, Boundless)
        {
            Destination = _imaging.NewFile(".png"),
            Variant = new ImageRequest([new ImageStep.Blur(50)], ImageFormat.Png),
        };
        await ProcessFrames.WriteAsync(
            process.StandardInput.BaseStream, request, ProcessJson.Default.ProcessRequest, CancellationToken.None);
        await Until.TrueAsync("the process works", () => Task.FromResult(File.Exists(request.Destination)));

        // The kernel does this when the parent ends.
        process.StandardInput.Close();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await process.WaitForExitAsync(limit.Token);
    }

    [Fact]
    public async Task A_cancelled_call_ends_its_process()
    {
        var source = HostileFiles.LargePng(_imaging.NewFile(".png"), 20_000);
        using var cancellation = new CancellationTokenSource();
        var work = _imaging.Processor.TransformAsync(
            source, _imaging.NewFile(".png"), new ImageRequest([new ImageStep.Blur(50)], ImageFormat.Png), Boundless, cancellation.Token);
        await RunningAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        await Until.TrueAsync("no process is left", () => Task.FromResult(Children().Count == 0));
    }

    [Fact]
    public async Task Health_names_the_library_and_a_missing_program_names_its_package()
    {
        var healthy = await ActivatorUtilities.CreateInstance<ImagingHealthCheck>(_imaging.Services).CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("imaging", _ => null!, HealthStatus.Degraded, null) });

        Assert.Equal(HealthStatus.Healthy, healthy.Status);
        Assert.StartsWith("libvips 8.", healthy.Description, StringComparison.Ordinal);
        Assert.True(!ConfineCommand.IsAvailable || healthy.Description!.EndsWith(", confined", StringComparison.Ordinal));
        var missing = Assert.Throws<ImageToolMissingException>(() => Tools.Find("no-such-program", "no-such-package"));
        Assert.Equal("The program 'no-such-program' was not found. Install the package no-such-package.", missing.Message);
    }

    [Fact]
    public async Task Health_names_a_missing_program_for_videos()
    {
        using var videos = new BoundedProgram(
            Options.Create(new VideoOptions { Ffprobe = "/nowhere/ffprobe" }), Options.Create(new ImagingOptions()), TimeProvider.System);

        var degraded = await new ImagingHealthCheck(_imaging.Pool, videos).CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("imaging", _ => null!, HealthStatus.Degraded, null) });

        Assert.Equal(HealthStatus.Degraded, degraded.Status);
        Assert.Contains("'/nowhere/ffprobe' was not found. Install the package ffmpeg", degraded.Description, StringComparison.Ordinal);
    }

    // About a second of a processor.
    private Task<ImageOutcome<ImageDetails>> TransformSlowlyAsync() => _imaging.Processor.TransformAsync(
        HostileFiles.LargePng(_imaging.NewFile(".png"), 3_000), _imaging.NewFile(".png"),
        new ImageRequest([new ImageStep.Blur(5), new ImageStep.Resize(100)], ImageFormat.Png), Boundless, CancellationToken.None);

    private static string Small(ImagingFixture imaging)
    {
        var source = imaging.NewFile(".png");
        TestPictures.Write(TestPictures.Scene(30, 20), source, ImageFormat.Png);
        return source;
    }

    private async Task<int> RunningAsync()
    {
        await Until.TrueAsync("a process runs", () => Task.FromResult(Children().Count == 1));
        return Children()[0];
    }

    private List<int> Children() => Children(_imaging);

    // The processes that work in the scratch directory.
    private static List<int> Children(ImagingFixture imaging) =>
    [
        .. Process.GetProcesses().Select(process => process.Id).Where(id =>
        {
            try
            {
                return File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName
                    .StartsWith(imaging.Root, StringComparison.Ordinal) ?? false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }),
    ];

    private static TimeSpan ProcessorTime(int id) => Process.GetProcessById(id).TotalProcessorTime;

    private static void Signal(int process, int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
