using Aspire.Hosting;
using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.Settings;

namespace MediaAspire.Tests.AppHost.Engines;

public sealed class EngineSelectionTests
{
    private static readonly ContainerRuntime s_docker = new("docker", 28);
    private static readonly ContainerRuntime s_oldDocker = new("docker", 20);
    private static readonly ContainerRuntime s_podman = new("podman", 4);

    [Fact]
    public void Select_AutoAndARuntimeAnswers_TakesContainers() =>
        Assert.True(Select(EngineChoice.Auto, s_docker).UseContainers);

    [Fact]
    public void Select_AutoAndPodman_HasNoOldestVersion() =>
        Assert.True(Select(EngineChoice.Auto, s_podman).UseContainers);

    [Fact]
    public void Select_AutoAndNoRuntime_TakesProcessesAndSaysWhy()
    {
        var selection = Select(EngineChoice.Auto, null);

        Assert.False(selection.UseContainers);
        Assert.Contains("no container runtime responded", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_AutoAndOldDocker_TakesProcessesAndSaysWhy()
    {
        var selection = Select(EngineChoice.Auto, s_oldDocker);

        Assert.False(selection.UseContainers);
        Assert.Contains("version 20", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ContainersAndOldDocker_Throws()
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => Select(EngineChoice.Containers, s_oldDocker));

        Assert.Contains("25 or later", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ContainersAndNoRuntime_LeavesTheWaitToAspire() =>
        Assert.True(Select(EngineChoice.Containers, null).UseContainers);

    [Fact]
    public void Select_Processes_DoesNotAskForARuntime() =>
        Assert.False(EngineSelection.Select(EngineChoice.Processes, isPublishMode: false, kept: null, Data, Unasked).UseContainers);

    [Theory]
    [InlineData(EngineChoice.Auto)]
    [InlineData(EngineChoice.Processes)]
    [InlineData(EngineChoice.Containers)]
    internal void Select_Publishing_TakesContainersWithoutAsking(EngineChoice choice) =>
        Assert.True(EngineSelection.Select(choice, isPublishMode: true, kept: null, Data, Unasked).UseContainers);

    [Theory]
    [InlineData(EngineChoice.Auto)]
    [InlineData(EngineChoice.Processes)]
    internal void Select_DataOfProcesses_StaysWithProcessesWithoutAsking(EngineChoice choice) =>
        Assert.False(
            EngineSelection.Select(choice, isPublishMode: false, EngineChoice.Processes, Data, Unasked).UseContainers);

    [Theory]
    [InlineData(EngineChoice.Auto)]
    [InlineData(EngineChoice.Containers)]
    internal void Select_DataOfContainers_StaysWithContainers(EngineChoice choice) =>
        Assert.True(Select(choice, s_docker, EngineChoice.Containers).UseContainers);

    [Theory]
    [InlineData(EngineChoice.Processes, EngineChoice.Containers, "containers")]
    [InlineData(EngineChoice.Containers, EngineChoice.Processes, "processes")]
    internal void Select_DataOfTheOtherKind_IsRefusedWithTheWaysOut(EngineChoice choice, EngineChoice kept, string named)
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => Select(choice, s_docker, kept));

        foreach (var part in new[] { $"'{Data}'", $"--Engines={named}", "--Data:Directory=", "--fresh", "docs/operations/engines.md" })
        {
            Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Select_AutoAndDataOfContainersWithoutARuntime_IsRefused()
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => Select(EngineChoice.Auto, null, EngineChoice.Containers));

        Assert.Contains("no container runtime responds", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Data}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_AutoAndDataOfContainersWithAnOldDocker_IsRefused()
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => Select(EngineChoice.Auto, s_oldDocker, EngineChoice.Containers));

        Assert.Contains("version 20", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ContainersAndDataOfContainersWithoutARuntime_LeavesTheWaitToAspire() =>
        Assert.True(Select(EngineChoice.Containers, null, EngineChoice.Containers).UseContainers);

    private const string Data = "/srv/media";

    private static EngineSelection Select(EngineChoice choice, ContainerRuntime? runtime, EngineChoice? kept = null) =>
        EngineSelection.Select(choice, isPublishMode: false, kept, Data, () => runtime);

    private static ContainerRuntime? Unasked() => throw new InvalidOperationException("Asked for a container runtime.");
}
