"""Clients generated from the description of the API, in Python and Java: made and compiled.

`make clients` puts them into build/clients; the tests here run them against a server.
"""

import compileall
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import django

from config.local.session import PROJECT

FOLDER = PROJECT / "build" / "clients"
ADDRESS = "http://127.0.0.1:8000"
_SMOKE = Path(__file__).parent / "java"
# What is no JSON is bytes to both generators.
_BYTES = dict.fromkeys(
    (
        "application/pdf",
        "application/zip",
        "text/csv",
        "text/plain",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "application/octet-stream",
)
_JAVA_SETTINGS = {
    "invokerPackage": "bau.client",
    "apiPackage": "bau.client.api",
    "modelPackage": "bau.client.model",
    "openApiNullable": "false",
    "hideGenerationTimestamp": "true",
    # Operations have many optional parameters, and more will come: they go by name.
    "useSingleRequestParameter": "true",
}
# The JDK's own annotation instead of one that Java 11 took out.
_ANNOTATION = '@javax.annotation.processing.Generated("openapi-generator")\n'
# The generator imports it wherever there is a form; only forms with files use it.
_UNUSED_IMPORT = "import org.apache.http.entity.mime.MultipartEntityBuilder;\n"
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class NoClient(RuntimeError):
    """A client could not be generated or compiled; the text says why."""


def main() -> int:
    """Generate and compile both clients."""
    description = write_description(FOLDER)
    python, java = make_python_client(description, FOLDER), make_java_client(description, FOLDER)
    sys.stdout.write(f"{python.relative_to(PROJECT)}\n{java.relative_to(PROJECT)}\n")
    return 0


def write_description(folder: Path) -> Path:
    """The description as a file in a folder that holds nothing else."""
    django.setup()
    from api.views.schema import make_description  # noqa: PLC0415 -- needs the settings

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "openapi.json"
    path.write_text(json.dumps(make_description(address=ADDRESS)), encoding="utf-8")
    return path


def make_python_client(description: Path, folder: Path) -> Path:
    """The package `bau_client`. Raises NoClient, also where an operation would be left out."""
    package, settings = folder / "python" / "bau_client", folder / "python.json"
    package.parent.mkdir()
    # No formatter is run over it: nobody reads it.
    settings.write_text(json.dumps({"content_type_overrides": _BYTES, "post_hooks": []}))
    said = _run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(description), "--config", str(settings), "--output-path", str(package)),
    )
    if "Warning" in said or not compileall.compile_dir(package, quiet=1):
        raise NoClient(said)
    return package


def make_java_client(description: Path, folder: Path) -> Path:
    """The compiled classes, with the program of `tests/contract/java`. Raises NoClient."""
    sources, classes, templates = folder / "java", folder / "classes", folder / "templates"
    templates.mkdir()
    (templates / "generatedAnnotation.mustache").write_text(_ANNOTATION)
    settings = ",".join(f"{name}={value}" for name, value in _JAVA_SETTINGS.items())
    _run(
        *("java", *_QUICK, "-jar", str(find_jar()), "generate", "-g", "java"),
        *("-i", str(description), "-o", str(sources), "-t", str(templates)),
        *("--library", "native", "-p", settings),
        *("--global-property", "apis,models,supportingFiles,apiTests=false,modelTests=false"),
    )
    files = sorted((sources / "src" / "main").rglob("*.java"))
    for file in files:
        text = file.read_text(encoding="utf-8")
        if _UNUSED_IMPORT in text:
            file.write_text(text.replace(_UNUSED_IMPORT, ""), encoding="utf-8")
    names = folder / "sources.txt"
    names.write_text("\n".join(map(str, [*files, *_SMOKE.glob("*.java")])))
    _run(
        *("javac", "-J-XX:TieredStopAtLevel=1", "-nowarn", "-proc:none", "-encoding", "UTF-8"),
        *("-cp", str(find_jar()), "-d", str(classes), f"@{names}"),
    )
    return classes


def find_jar() -> Path:
    """The generator, which also contains the JSON library that its clients use."""
    spec = find_spec("openapi_generator_cli")
    if spec is None or not spec.submodule_search_locations:
        raise NoClient("The package openapi-generator-cli is not installed.")
    return Path(next(iter(spec.submodule_search_locations))) / "openapi-generator.jar"


def run_java(classes: Path, *arguments: str) -> str:
    """What the program of `tests/contract/java` says. Raises NoClient."""
    path = f"{classes}:{find_jar()}"
    return _run("java", *_QUICK, "-cp", path, "Main", *arguments)


def _run(*command: str) -> str:
    ran = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if ran.returncode:
        raise NoClient(ran.stdout[-4000:])
    return ran.stdout


if __name__ == "__main__":
    sys.exit(main())
