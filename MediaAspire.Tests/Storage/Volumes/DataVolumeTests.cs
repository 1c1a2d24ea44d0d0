using MediaAspire.Storage;
using MediaAspire.Storage.Volumes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage.Volumes;

public sealed class DataVolumeTests
{
    private const string OnTheRoot = "/srv/chunks";
    private const string OnAVolume = "/var/lib/mediaaspire";
    private const string InMemory = "/scratch/chunks";

    private static readonly MountTable s_mounts = new(
        [new Mount("/", "overlay"), new Mount("/var/lib/mediaaspire", "ext4"), new Mount("/scratch", "tmpfs")]);

    [Theory]
    [InlineData(OnTheRoot, "on the container's own file system")]
    [InlineData(InMemory, "in memory (tmpfs on /scratch)")]
    public void Check_InProductionInAContainerWithoutAVolume_RefusesAndSaysWhatToDo(string directory, string place)
    {
        var error = Assert.Throws<DataDirectoryException>(() => Check(directory));

        Assert.Equal(
            $"The data directory {directory} is {place}: its chunks would be lost with the container. Mount a volume there, or set "
            + "Storage:AllowEphemeralData=true to run without one.",
            error.Message);
    }

    [Fact]
    public void Check_OnAVolume_IsContent() => Check(OnAVolume);

    [Theory]
    [InlineData(OnTheRoot)]
    [InlineData(InMemory)]
    public void Check_ToldToAllowIt_IsContent(string directory) => Check(directory, allow: true);

    [Theory]
    [InlineData(OnTheRoot)]
    [InlineData(InMemory)]
    public void Check_OnAServer_IsContent(string directory) => Check(directory, isContainer: false);

    [Theory]
    [InlineData(OnTheRoot)]
    [InlineData(InMemory)]
    public void Check_InDevelopment_IsContent(string directory) => Check(directory, environment: Environments.Development);

    private static void Check(string directory, bool isContainer = true, string? environment = null, bool allow = false) =>
        new DataVolume(
            Options.Create(new StorageOptions { DataDirectory = directory, AllowEphemeralData = allow }),
            new HostingEnvironment { EnvironmentName = environment ?? Environments.Production },
            new Surroundings(isContainer, s_mounts),
            NullLogger<DataVolume>.Instance).Check();
}
