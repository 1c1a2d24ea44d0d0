using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost;

namespace MediaAspire.Tests.AppHost;

public sealed class BuiltProgramTests
{
    private static readonly string[] s_projects = ["migrations", "storage-1", "worker", "api"];

    [Fact]
    public async Task Projects_start_by_the_program_that_the_build_made()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        foreach (var name in s_projects)
        {
            var program = Assert.Single(graph[name].Annotations.OfType<ExecutableAnnotation>());
            var project = Assert.IsType<ProjectResource>(graph[name]).GetProjectMetadata().ProjectPath;

            Assert.Equal(Path.GetFileNameWithoutExtension(project), Path.GetFileName(program.Command));
            Assert.True(File.Exists(program.Command), program.Command);
            Assert.Equal(Path.GetDirectoryName(project), program.WorkingDirectory);
            Assert.True(File.Exists(Path.Combine((await graph.EnvironmentAsync(name))["DOTNET_ROOT"], "dotnet")));
        }
    }

    [Theory]
    [InlineData("--DEBUG_SESSION_PORT=localhost:1234")]
    [InlineData("--DOTNET_WATCH=1")]
    public async Task Debuggers_and_watch_start_projects_their_own_way(string setting)
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes", setting);

        Assert.All(s_projects, name => Assert.Empty(graph[name].Annotations.OfType<ExecutableAnnotation>()));
    }

    [Fact]
    public void Find_ProjectThatIsNotOfTheGraph_ReturnsNull() => Assert.Null(BuiltProgram.Find("/somewhere/else.csproj"));
}
