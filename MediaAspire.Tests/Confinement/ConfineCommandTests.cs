using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Confinement;
using MediaAspire.Worker.Imaging;

namespace MediaAspire.Tests.Confinement;

public sealed class ConfineCommandTests
{
    [ConfinedFact]
    public async Task A_confined_program_reads_and_writes_only_what_it_was_given()
    {
        using var given = new TemporaryDirectory();
        using var other = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(given.Path, "source"), "mine");
        await File.WriteAllTextAsync(Path.Combine(given.Path, "alone"), "not given");
        await File.WriteAllTextAsync(Path.Combine(other.Path, "secret"), "yours");

        var (code, output, errors) = await RunAsync(
            $"""
            cat {given.Path}/source; cat {given.Path}/alone; cat {other.Path}/secret; ls /; ls {other.Path}
            echo made > {given.Path}/made/file; rm {given.Path}/made/file && echo removed
            echo made > {other.Path}/file; rm {other.Path}/secret; mkdir {given.Path}/made/directory; cat /proc/$PPID/environ
            """,
            program => program with { Reads = [Path.Combine(given.Path, "source")], Writes = [Made(given)] });

        Assert.Equal((1, "mineremoved\n"), (code, output));
        Assert.Equal(8, errors.Split("ermission denied").Length - 1);
        Assert.Equal("yours", await File.ReadAllTextAsync(Path.Combine(other.Path, "secret")));
        Assert.Single(Directory.EnumerateFileSystemEntries(other.Path));
    }

    [ConfinedFact]
    public async Task A_confined_program_opens_no_socket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connect = $"(exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}) && echo connected";

        var free = await RunAsync(connect, program => program, isConfined: false);
        var confined = await RunAsync(connect, program => program);

        Assert.Equal("connected\n", free.Output);
        Assert.Equal("", confined.Output);
        Assert.Contains("Permission denied", confined.Errors, StringComparison.Ordinal);
    }

    [ConfinedFact]
    public async Task A_program_has_the_environment_only_when_it_is_said()
    {
        Assert.Equal("", (await RunAsync("/usr/bin/env -0 | grep -z DOTNET_ROOT", program => program)).Output);
        Assert.StartsWith(
            "DOTNET_ROOT=",
            (await RunAsync("/usr/bin/env | grep DOTNET_ROOT", program => program with { HasEnvironment = true })).Output,
            StringComparison.Ordinal);
    }

    [ConfinedFact]
    public async Task A_program_that_cannot_be_started_is_a_failure_of_its_own()
    {
        var run = await RunAsync(new ConfinedProgram(["/nowhere/program"]));

        Assert.Equal((ConfineCommand.Failed, ""), (run.Code, run.Output));
        Assert.Contains("'/nowhere/program' could not be started", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_read_as_they_were_written()
    {
        var program = new ConfinedProgram(["/bin/sh", "--", "--read=x"])
        {
            Runs = ["/a"],
            Reads = ["/b", "/c d"],
            Writes = ["/e"],
        };

        var read = ConfinedProgram.Parse([.. program.ToArguments()]);

        Assert.Equal(program.ToArguments(), read.ToArguments());
        Assert.Equal(program.Command, read.Command);
        Assert.False(read.HasEnvironment);
        Assert.Throws<ArgumentException>(() => ConfinedProgram.Parse(["--read=/a"]));
        Assert.Throws<ArgumentException>(() => ConfinedProgram.Parse(["--reads=/a", "--", "/bin/sh"]));
    }

    private static string Made(TemporaryDirectory directory) =>
        Directory.CreateDirectory(Path.Combine(directory.Path, "made")).FullName;

    private static Task<(int Code, string Output, string Errors)> RunAsync(
        string script, Func<ConfinedProgram, ConfinedProgram> allow, bool isConfined = true) =>
        RunAsync(allow(new ConfinedProgram(["/bin/bash", "-c", script])), isConfined);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(ConfinedProgram program, bool isConfined = true)
    {
        var command = WorkerProgram.Confine(program, isConfined ? ConfinementMode.Required : ConfinementMode.Off);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        WorkerProgram.ClearEnvironment(start.Environment);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

/// <summary>A test that is skipped where the kernel cannot confine programs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConfinedFactAttribute : FactAttribute
{
    public ConfinedFactAttribute() =>
        Skip = ConfineCommand.IsAvailable ? null : "This kernel has no Landlock; Linux 5.13 or later has.";
}
